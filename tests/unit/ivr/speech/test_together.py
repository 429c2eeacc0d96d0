"""Several models that listen to one caller."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.speech.recognizer import SpeechResult
from ivr.speech.together import PATIENCE_S, Together
from ivr.speech.upsample import Upsampler

TENTH = bytes(1600)


class Heard:
    """Comes to a result after so many tenths of a second, again and again."""

    def __init__(self, after: int, result: SpeechResult) -> None:
        self._after, self._result, self._left = after, result, after

    @property
    def speaking(self) -> bool:
        return 0 < self._left < self._after

    def hear(self, sound: bytes) -> SpeechResult | None:
        self._left -= 1
        return self._result if self._left == 0 else None

    def finish(self) -> SpeechResult | None:
        return self._result


def listen(*models: Heard) -> tuple[SpeechResult, int]:
    """The result, and after how many tenths of a second it came."""
    together = Together(models)
    for tenth in range(1, 100):
        result = together.hear(TENTH)
        if result is not None:
            return result, tenth
    raise AssertionError("no result")


SURE, UNSURE, NONE = SpeechResult("bill", 0.95), SpeechResult("bed", 0.6), SpeechResult()


def test_words_beat_none_and_the_surer_words_beat_others():
    assert listen(Heard(5, NONE), Heard(5, SURE)) == (SURE, 5)
    assert listen(Heard(5, SURE), Heard(5, UNSURE)) == (SURE, 5)
    assert listen(Heard(5, UNSURE), Heard(5, SURE)) == (SURE, 5)


def test_of_two_that_are_as_sure_the_first_counts():
    other = SpeechResult("bell", SURE.confidence)
    assert listen(Heard(5, SURE), Heard(5, other))[0] == SURE
    assert listen(Heard(5, other), Heard(5, SURE))[0] == other


def test_the_slower_one_is_waited_for_but_not_for_long():
    assert listen(Heard(7, SURE), Heard(5, UNSURE)) == (SURE, 7)
    result, tenth = listen(Heard(50, SURE), Heard(5, UNSURE))
    assert result == UNSURE
    assert tenth == 5 + round(PATIENCE_S * 10)


def test_somebody_speaks_as_long_as_one_of_them_hears_it():
    together = Together([Heard(3, NONE), Heard(9, NONE)])
    assert not together.speaking
    together.hear(TENTH)
    assert together.speaking


def test_at_the_end_the_best_counts():
    assert Together([Heard(9, UNSURE), Heard(9, SURE)]).finish() == SURE


def tone(rate: int, samples: int, tone_hz: float) -> np.ndarray:
    return 8000 * np.sin(2 * np.pi * tone_hz * np.arange(samples) / rate)


@settings(deadline=None, max_examples=30)
@given(st.floats(100, 3400), st.lists(st.integers(1, 400), min_size=1, max_size=20))
def test_a_tone_stays_that_tone_at_twice_the_rate_however_it_is_cut(tone_hz, pieces):
    sound = tone(8000, sum(pieces), tone_hz).round().astype("<i2")
    whole = Upsampler().double(sound.tobytes())
    upsampler, cut, at = Upsampler(), b"", 0
    for size in pieces:
        cut += upsampler.double(sound[at : at + size].tobytes())
        at += size
    assert cut == whole
    doubled = np.frombuffer(whole, dtype="<i2").astype(float)
    assert len(doubled) == 2 * len(sound)
    wanted = tone(16000, len(doubled), tone_hz)
    late = 31  # half of the filter
    assert np.allclose(doubled[200:], wanted[200 - late : len(wanted) - late], atol=120)
