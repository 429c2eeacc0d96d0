"""Nothing unclean reaches Asterisk."""

from hypothesis import given
from hypothesis import strategies as st

from cti.clean import caller_name, clean_argument, clean_value

HOSTILE = 'Eve"\r\nAction: Originate\r\nChannel: PJSIP/0900@carrier\r\n\r\n'


@given(st.text())
def test_a_value_is_always_one_line(text):
    cleaned = clean_value(text)
    assert cleaned.splitlines() in ([], [cleaned])


@given(st.text())
def test_an_argument_can_not_end_its_quotes(text):
    rest = clean_argument(text).replace("\\\\", "")
    assert rest.count('"') == rest.count('\\"')


def test_an_action_hidden_in_a_name_becomes_harmless_words():
    assert "\n" not in clean_value(HOSTILE)
    assert caller_name(HOSTILE) == "Eve Action Originate Channel PJSIP/0900carrier"
