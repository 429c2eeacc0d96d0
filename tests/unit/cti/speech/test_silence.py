"""What need not be heard: silence, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.speech.listening import Listening
from cti.speech.messages import Answer, Question, Verdict
from cti.speech.silence import LEAD_S, QUIETEST_SPEECH, TAIL_S, is_loud
from ivr.speech.recognizer import BYTES_PER_S, SAMPLE_RATE_HZ, SpeechResult

PIECE_S = 0.06
ASKED = Question("set", "menu", prompt_s=20.0, wait_s=10.0)


def sound(length_s: float, level: float) -> bytes:
    """A tone whose root mean square is `level`."""
    at = np.arange(round(length_s * SAMPLE_RATE_HZ))
    return (np.sin(at * 2 * np.pi * 400 / SAMPLE_RATE_HZ) * level * 2**0.5).round().astype("<i2").tobytes()


class Ear:
    """A recognition that keeps what it hears; `speaking` as told."""

    def __init__(self) -> None:
        self.heard = b""
        self.speaking = False

    def hear(self, piece: bytes) -> SpeechResult | None:
        self.heard += piece
        return None

    def finish(self) -> SpeechResult | None:
        return None

    @property
    def heard_s(self) -> float:
        return len(self.heard) / BYTES_PER_S


def hear(listening: Listening, said: bytes) -> Answer | None:
    """As a conversation does; the first answer."""
    step = int(PIECE_S * BYTES_PER_S)
    for at in range(0, len(said), step):
        piece = said[at : at + step]
        if not listening.passes_over(piece) and (answer := listening.hear(piece)) is not None:
            return answer
    return None


def test_silence_is_counted_and_reaches_nobody():
    ear = Ear()
    listening = Listening(ear, ASKED)
    assert hear(listening, sound(10.0, 30.0)) is None
    assert ear.heard == b""
    assert listening.heard_s == pytest.approx(10.0)


@given(st.lists(st.sampled_from([0.0, 40.0, 79.0, 81.0, 300.0]), min_size=1, max_size=5), st.sampled_from([0, 80, 150]))
def test_one_loud_frame_among_silent_ones_is_not_missed(frame_levels, rest_bytes):
    whole = b"".join(sound(0.02, level) for level in frame_levels)
    rest = sound(0.02, 300.0)[:rest_bytes]
    assert is_loud(whole + rest) == (max(frame_levels) > QUIETEST_SPEECH or bool(rest))


def test_speech_is_heard_whole_with_what_surrounds_it():
    ear = Ear()
    silence, word = sound(5.0, 0.0), sound(0.6, 2000.0)
    hear(Listening(ear, ASKED), silence + word + silence)
    assert word in ear.heard
    assert ear.heard.index(word) >= LEAD_S * BYTES_PER_S  # its soft beginning
    assert ear.heard_s == pytest.approx(LEAD_S + 0.6 + TAIL_S, abs=2 * PIECE_S)


def test_a_word_that_is_not_over_is_heard_to_its_end():
    ear = Ear()
    listening = Listening(ear, ASKED)
    hear(listening, sound(0.6, 2000.0))
    ear.speaking = True
    hear(listening, sound(3.0, 0.0))
    assert ear.heard_s == pytest.approx(3.6)


def test_a_noisy_line_is_heard_all_the_time():
    ear = Ear()
    hear(Listening(ear, ASKED), noise := sound(5.0, QUIETEST_SPEECH + 20))
    assert ear.heard == noise


def test_what_comes_after_a_pause_is_heard_again():
    ear = Ear()
    first, second = sound(0.4, 3000.0), sound(0.4, 1500.0)
    hear(Listening(ear, ASKED), first + sound(4.0, 0.0) + second)
    assert first in ear.heard
    assert second in ear.heard


def test_a_caller_who_says_nothing_at_all_is_told_so_in_time():
    listening = Listening(Ear(), ASKED)
    assert hear(listening, sound(60.0, 0.0)) == Answer(Verdict.SILENCE)
    assert listening.heard_s == pytest.approx(ASKED.silent_at_s, abs=PIECE_S)


def test_where_nobody_knows_what_to_listen_for_silence_is_not_passed_over():
    assert not Listening(None, ASKED).passes_over(sound(0.06, 0.0))


def test_one_loud_frame_among_many_quiet_ones_counts():
    assert not is_loud(sound(0.06, 40.0))
    assert is_loud(sound(0.04, 40.0) + sound(0.02, 200.0))
    assert is_loud(sound(0.04, 0.0) + sound(0.005, 200.0))
    assert not is_loud(b"")


@given(st.binary(max_size=2000))
def test_any_bytes_may_come(noise):
    is_loud(noise)
