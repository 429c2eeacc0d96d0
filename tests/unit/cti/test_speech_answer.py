"""Answers to SPEECH RECOGNIZE, as Asterisk 22 gave them on real calls."""

import pytest

from cti.speech_answer import Ended, SpeechAnswer, read_speech_answer

WORDS = '200 result=1 (speech) endpos=0 results=1 score0=100 text0="status pesanan" grammar0=words'


def test_words_with_spaces_come_out_whole():
    assert read_speech_answer(WORDS) == SpeechAnswer(Ended.WORDS, words="status pesanan", confidence=1.0)


def test_the_score_is_a_percentage_between_none_and_all():
    assert read_speech_answer(WORDS.replace("=100", "=71")).confidence == 0.71
    assert read_speech_answer(WORDS.replace("=100", "=-5")).confidence == 0
    assert read_speech_answer(WORDS.replace("=100", "=700")).confidence == 1


@pytest.mark.parametrize(
    ("line", "ended"),
    [
        ('200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=silence', Ended.SILENCE),
        ('200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=rejected', Ended.REJECTED),
        ('200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=unknown', Ended.UNKNOWN),
        ('200 result=1 (speech) endpos=0 results=1 score0=0 text0="" grammar0=behind', Ended.BEHIND),
        ("200 result=1 (hangup) endpos=0", Ended.GONE),
    ],
)
def test_every_other_end_is_told_from_the_others(line, ended):
    assert read_speech_answer(line) == SpeechAnswer(ended)


@pytest.mark.parametrize("key", list("0123456789*#"))
def test_a_key_is_a_key(key):
    assert read_speech_answer(f"200 result=1 (digit) digit={key} endpos=0") == SpeechAnswer(Ended.KEY, key=key)


@pytest.mark.parametrize(
    "line",
    [
        "200 result=1 (speech) endpos=0 results=0",  # killed in the middle
        "200 result=1 (timeout) endpos=0",  # stopped in the middle
        "200 result=0",
        "510 Invalid or unknown command",
        "520-Invalid command syntax.  Proper usage follows:",
        WORDS.replace("words", "nonsense"),
        WORDS.replace("=100", "=many"),
        "",
    ],
)
def test_a_recogniser_that_died_or_talks_nonsense_is_broken(line):
    assert read_speech_answer(line).ended is Ended.BROKEN
