"""What was heard in a call, compared with its conversation: a missing sentence, another one, and one too many are named."""

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ivr.conversations.rehearsal import Rehearsed, rehearse
from ivr.conversations.story_file import read_story
from ivr.conversations.world import Worlds
from ivr.espeak import EspeakSynthesizer
from ivr.flow_file import shipped_flow
from ivr.flow_version import FlowVersion
from ivr.line import Prompt
from ivr.spoken import spoken_digits
from ivr.voice import Voice
from launch.demo.heard_story import HeardStory, sentences_of
from launch.demo.hearing import RATE, Sound, found_at_s, heard_at_s, is_heard_whole, is_whole, samples

FLOW = shipped_flow().flow
TALK = """# The bill.
caller: Sari

halo: main_menu_1
caller: presses 2
halo: bill_one
halo: not goodbye
halo: after_bill_1
caller: is silent
halo: goodbye
ends: contained
"""
ASKED = ("main_menu_1", "after_bill_1")
PAUSE = np.zeros(RATE // 2)


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Voice:
    return Voice(tmp_path_factory.mktemp("voice"), Path("nowhere"), EspeakSynthesizer())


@pytest.fixture(scope="module")
def reference() -> Rehearsed:
    with Worlds() as worlds:
        done = rehearse(read_story(TALK, "talk.txt"), FlowVersion(FLOW), worlds)
    assert done.problem == ""
    return done


def as_heard(sound: Sound) -> Sound:
    """On a telephone line: eight bits by the mu-law and back (ITU-T G.711), and some noise."""
    noisy = sound + np.random.default_rng(7).normal(0, 0.002, len(sound))
    pressed = np.sign(noisy) * np.log1p(255 * np.minimum(np.abs(noisy), 1)) / np.log1p(255)
    coded = np.round(pressed * 127) / 127
    return np.asarray(np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(255)) / 255)


def write_wav(file: Path, sound: Sound) -> None:
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        recording.writeframes((sound * 32767).astype("<i2").tobytes())


def compared(reference: Rehearsed, voice: Voice, prompts: Sequence[Prompt], acts_after: Sequence[str] = ASKED) -> str:
    """What is said of a call in which these sentences were heard; the caller acts after those of these keys."""
    parts, acted_at_s = [PAUSE], []
    for prompt in prompts:
        parts += [samples(voice.file_for(prompt)), PAUSE / 10]
        if prompt.key in acts_after:
            acted_at_s.append(sum(map(len, parts)) / RATE)
            parts.append(PAUSE)
    sound = as_heard(np.concatenate(parts))
    return HeardStory(reference, sentences_of(reference, voice.file_for), sound, acted_at_s, FLOW, voice.file_for).problem()


def test_a_call_as_it_is_written_has_no_problem(reference: Rehearsed, voice: Voice) -> None:
    assert compared(reference, voice, reference.heard) == ""


def test_a_sentence_that_is_missing_is_named_with_its_line_and_with_what_came_instead(reference: Rehearsed, voice: Voice) -> None:
    none = Prompt("bill_none", "id")
    heard = [none if prompt.key == "bill_one" else prompt for prompt in reference.heard]
    problem = compared(reference, voice, heard)
    assert problem.startswith("talk.txt, line 6: expected bill_one ")
    assert 'heard by phone instead: bill_none "' in problem


def test_another_number_in_the_same_sentence_is_another_sentence(reference: Rehearsed, voice: Voice) -> None:
    (bill,) = [prompt for prompt in reference.heard if prompt.key == "bill_one"]
    other = Prompt(bill.key, bill.language, {**bill.values, "amount": bill.values["amount"].replace("dua belas", "tiga belas")})
    assert other != bill
    heard = [other if prompt.key == "bill_one" else prompt for prompt in reference.heard]
    assert compared(reference, voice, heard).startswith("talk.txt, line 6: expected bill_one ")


def test_a_sentence_too_many_is_named(reference: Rehearsed, voice: Voice) -> None:
    heard = list(reference.heard)
    place = [prompt.key for prompt in heard].index("after_bill_1")
    heard.insert(place, Prompt("bill_maybe_paid", "id"))
    problem = compared(reference, voice, heard)
    assert problem.startswith("talk.txt, line 9: between bill_one ")
    assert 'bill_maybe_paid "' in problem


def test_a_word_that_fills_a_wait_is_no_sentence_too_many(reference: Rehearsed, voice: Voice) -> None:
    heard = list(reference.heard)
    heard.insert([prompt.key for prompt in heard].index("bill_one"), Prompt("looking_up", "id"))
    heard.insert([prompt.key for prompt in heard].index("after_bill_1"), Prompt("looking_up", "id"))
    assert compared(reference, voice, heard) == ""


def test_what_must_not_be_heard_is_named_with_its_line(reference: Rehearsed, voice: Voice) -> None:
    heard = list(reference.heard)
    heard.insert([prompt.key for prompt in heard].index("bill_one"), Prompt("goodbye", "id"))
    assert compared(reference, voice, heard).startswith("talk.txt, line 7: expected not goodbye; heard by phone: goodbye ")


def test_the_sentence_before_a_key_that_cuts_it_may_be_missing(voice: Voice) -> None:
    text = TALK.replace("presses 2", "presses 2 at once").replace("halo: main_menu_1\n", "")
    with Worlds() as worlds:
        done = rehearse(read_story(text, "talk.txt"), FlowVersion(FLOW), worlds)
    assert done.problem == ""
    heard = [prompt for prompt in done.heard if prompt.key != "main_menu_1"]
    assert compared(done, voice, heard, acts_after=("main_menu_invite", "after_bill_1")) == ""


def test_a_sentence_is_found_each_time_and_only_after_the_given_moment(voice: Voice) -> None:
    sentence = samples(voice.file_for(Prompt("goodbye", "id")))
    sound = as_heard(np.concatenate([PAUSE, sentence, PAUSE, sentence]))
    first_s, second_s = found_at_s(sound, sentence)
    assert first_s == pytest.approx(0.5, abs=0.01)
    assert second_s == pytest.approx(1.0 + len(sentence) / RATE, abs=0.01)
    assert found_at_s(sound, sentence, first_s + 0.1) == [second_s]


def test_a_sentence_is_found_though_its_second_half_came_a_frame_late(voice: Voice, tmp_path: Path) -> None:
    prompt = voice.file_for(Prompt("goodbye", "id"))
    sentence = samples(prompt)
    middle, late = len(sentence) // 2, np.zeros(RATE // 50)
    sound = as_heard(np.concatenate([PAUSE, sentence[:middle], late, sentence[middle:]]))
    recording = tmp_path / "heard.wav"
    write_wav(recording, sound)
    assert found_at_s(sound, sentence) == []  # by its middle alone it is not
    assert heard_at_s(recording, prompt) == [pytest.approx(0.5, abs=0.03)]


def test_a_sentence_is_whole_though_a_busy_machine_lost_some_frames_of_it_but_not_without_a_word(voice: Voice) -> None:
    sentence = samples(voice.file_for(Prompt("goodbye", "id")))
    frame = RATE // 50
    lost = np.delete(sentence, [*range(40 * frame, 43 * frame), *range(80 * frame, 82 * frame)])
    for heard in (sentence, lost):
        assert is_heard_whole(as_heard(np.concatenate([PAUSE, heard, PAUSE])), sentence, 0.5, 2)
    silenced = as_heard(np.concatenate([PAUSE, sentence, PAUSE]))
    silenced[int(1.2 * RATE) : int(1.8 * RATE)] = 0
    assert not is_heard_whole(silenced, sentence, 0.5, 2)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_number_with_another_digit_is_heard_as_another_sentence(voice: Voice, language: str) -> None:
    """Nine times out of ten at least: some digits are too much alike for so simple an ear."""
    spoken = [samples(voice.file_for(Prompt("order_number", language, {"number": spoken_digits(f"9900{digit}003", language)})))
              for digit in range(10)]  # fmt: skip
    taken = 0
    for digit, wanted in enumerate(spoken):
        for other, heard in enumerate(spoken):
            sound = as_heard(np.concatenate([PAUSE, heard, PAUSE]))
            is_taken = any(is_heard_whole(sound, wanted, begin_s, 2) for begin_s in found_at_s(sound, wanted))
            assert is_taken or digit != other
            taken += is_taken and digit != other
    assert taken <= 9


def test_a_recording_is_whole_when_its_header_says_how_long_it_is(tmp_path: Path) -> None:
    file = tmp_path / "call.wav"
    write_wav(file, np.zeros(RATE))
    assert is_whole(file)
    data = bytearray(file.read_bytes())
    data[40:44] = b"\0\0\0\0"
    file.write_bytes(bytes(data))
    assert not is_whole(file)
