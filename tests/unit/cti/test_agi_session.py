"""The AGI conversation, against what a socket may bring."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.agi_session import MAX_LINE_BYTES, AgiSession, BadConversation
from ivr.line import HungUp

GREETING = b"agi_network_script: hotline\nagi_channel: PJSIP/carrier-1\nagi_callerid: 628111\n\n"


def session(answers: bytes = b"", greeting: bytes = GREETING) -> tuple[AgiSession, io.BytesIO]:
    written = io.BytesIO()
    return AgiSession(io.BytesIO(greeting + answers), written), written


def test_the_greeting_is_read_whole():
    agi, _ = session()
    assert agi.env == {"agi_network_script": "hotline", "agi_channel": "PJSIP/carrier-1", "agi_callerid": "628111"}


def test_a_header_forged_by_a_caller_does_not_replace_the_real_one():
    forged = GREETING.replace(b"628111\n", b"x\nagi_network_script: other\nagi_channel: PJSIP/other-1\n")
    agi, _ = session(greeting=forged)
    assert (agi.env["agi_network_script"], agi.env["agi_channel"]) == ("hotline", "PJSIP/carrier-1")


def test_a_command_quotes_its_texts_and_not_its_numbers():
    agi, written = session(b"200 result=0 endpos=100\n")
    assert agi.execute("STREAM FILE", 'a"b\n', "", 5) == "0"
    assert written.getvalue() == b'STREAM FILE "a\\"b" "" 5\n'


@pytest.mark.parametrize("answer", [b"", b"HANGUP\n", b"200 result=-1\n", b"200 result=1 (hangup)\n", b"200 result=-1 endpos=4\n"])
def test_a_hang_up_is_one_exception_however_it_shows(answer):
    agi, _ = session(answer)
    with pytest.raises(HungUp):
        agi.execute("WAIT FOR DIGIT", 1000)


def test_a_value_with_spaces_and_quotes_is_read_whole():
    agi, _ = session(b'200 result=1 (two "words" here)\n')
    assert agi.variable("X") == 'two "words" here'


def test_a_subroutine_is_answered_when_it_has_ended_and_the_next_command_by_its_own_line():
    agi, _ = session(b"100 result=0 Trying...\n200 result=0 Gosub complete\n200 result=1 (mine)\n")
    assert agi.execute("GOSUB", "recording", "begin", "1") == "0"
    assert agi.variable("X") == "mine"


def test_a_variable_that_is_not_set_reads_empty():
    agi, _ = session(b"200 result=0\n")
    assert agi.variable("X") == ""


def test_finishing_waits_for_the_answers_to_all_that_was_asked_before():
    agi, written = session(b"HANGUP\n200 result=0\n520-Invalid command syntax.\n520 End of proper usage.\n200 result=1\n200 late\n")
    with pytest.raises(HungUp):
        agi.execute("SPEECH RECOGNIZE")
    agi.execute("NOOP")  # reads the answer to the one before
    agi.finish("SPEECH DESTROY")
    assert agi._reader.read() == b"200 late\n"
    assert written.getvalue().endswith(b"SPEECH DESTROY\n")


def test_finishing_ends_with_the_connection():
    agi, _ = session(b"HANGUP\n")
    with pytest.raises(HungUp):
        agi.finish("SPEECH DESTROY")


@pytest.mark.parametrize(
    "greeting", [b"GET / HTTP/1.1\r\n\r\n", b"\n", b"x" * (MAX_LINE_BYTES + 10), b"agi_a: b\n" * 200, b"\xff\xfe: \x00\n\n"]
)
def test_what_is_not_agi_is_refused(greeting):
    with pytest.raises(BadConversation):
        session(greeting=greeting)


@given(st.binary(max_size=2000))
def test_no_bytes_whatever_break_the_reader_otherwise(noise):
    try:
        agi, _ = session(answers=noise)
        agi.execute("ANSWER")
        session(greeting=noise)
    except (HungUp, BadConversation):
        pass
