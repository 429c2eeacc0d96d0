"""When a question has ended, and how: with a recognition from a script, in seconds of sound."""

import numpy as np
import pytest

from cti.speech.listening import LONGEST_SPEECH_S, Listening
from cti.speech.messages import Answer, Question, Verdict
from ivr.speech.recognizer import SpeechResult

PIECE_S = 0.06
LOUD = (np.sin(np.arange(480) / 3) * 4000).astype("<i2").tobytes()
QUIET = bytes(960)


class Script:
    """Gives results at given seconds of sound; speaks between `from_s` and `to_s`."""

    def __init__(self, results: dict[float, SpeechResult] | None = None, from_s: float = 0, to_s: float = 0) -> None:
        self._results = dict(results or {})
        self._from_s, self._to_s, self._heard_s = from_s, to_s, 0.0
        self.at_end: SpeechResult | None = None

    @property
    def speaking(self) -> bool:
        return self._from_s <= self._heard_s < self._to_s

    def hear(self, sound: bytes) -> SpeechResult | None:
        self._heard_s += len(sound) / 16000
        due = [at_s for at_s in self._results if at_s <= self._heard_s]
        return self._results.pop(due[0]) if due else None

    def finish(self) -> SpeechResult | None:
        return self.at_end


def listen(script: Script, question: Question, sound: bytes = LOUD) -> tuple[Answer, float]:
    """The answer and the second of sound at which it came."""
    listening = Listening(script, question)
    for number in range(1, 2000):
        answer = listening.hear(sound)
        if answer is not None:
            return answer, number * PIECE_S
    raise AssertionError("the question never ended")


ASKED = Question("set", "menu", prompt_s=4.0, wait_s=3.0)


def test_words_end_the_question_even_over_the_prompt():
    answer, at_s = listen(Script({1.0: SpeechResult("tagihan", 0.93)}), ASKED)
    assert answer == Answer(Verdict.WORDS, "tagihan", 0.93)
    assert at_s == pytest.approx(1.0, abs=PIECE_S)


def test_a_cough_over_the_prompt_does_not_stop_it_but_after_it_asks_again():
    answer, at_s = listen(Script({1.0: SpeechResult(), 5.0: SpeechResult()}), ASKED)
    assert answer == Answer(Verdict.REJECTED)
    assert at_s == pytest.approx(5.0, abs=PIECE_S)


def test_words_that_nobody_would_act_on_do_not_stop_the_prompt_either():
    answer, _ = listen(Script({1.0: SpeechResult("tagihan", 0.3), 2.0: SpeechResult("tagihan", 0.9)}), ASKED)
    assert answer.confidence == 0.9


def test_a_click_that_was_hardly_audible_is_no_speech():
    answer, at_s = listen(Script({5.0: SpeechResult()}), ASKED, sound=QUIET)
    assert answer == Answer(Verdict.SILENCE)
    assert at_s == pytest.approx(7.0, abs=PIECE_S)


def test_silence_ends_the_question_when_its_time_is_over():
    answer, at_s = listen(Script(), ASKED)
    assert answer == Answer(Verdict.SILENCE)
    assert at_s == pytest.approx(7.0, abs=PIECE_S)


def test_who_has_begun_to_speak_is_heard_to_the_end():
    answer, at_s = listen(Script({8.5: SpeechResult("status pesanan", 0.95)}, from_s=6.5, to_s=8.5), ASKED)
    assert answer.words == "status pesanan"
    assert at_s == pytest.approx(8.5, abs=PIECE_S)


@pytest.mark.parametrize(
    ("at_end", "verdict"), [(None, Verdict.REJECTED), (SpeechResult(), Verdict.REJECTED), (SpeechResult("ya", 0.9), Verdict.WORDS)]
)
def test_nobody_is_heard_for_ever(at_end, verdict):
    script = Script(from_s=5.0, to_s=1000.0)
    script.at_end = at_end
    answer, at_s = listen(script, ASKED)
    assert answer.verdict is verdict
    assert at_s == pytest.approx(7.0 + LONGEST_SPEECH_S, abs=2 * PIECE_S)


def test_where_nobody_knows_what_to_listen_for_the_first_sound_says_so():
    assert Listening(None, ASKED).hear(QUIET) == Answer(Verdict.UNKNOWN)


def test_the_last_loud_frame_is_found():
    listening = Listening(Script(), ASKED)
    for sound in (QUIET, LOUD, QUIET):
        listening.hear(sound)
    assert listening.loud_until_s == pytest.approx(2 * PIECE_S)
