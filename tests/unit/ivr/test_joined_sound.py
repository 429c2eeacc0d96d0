"""Several sounds as one."""

import wave
from pathlib import Path

import pytest

from ivr.joined_sound import joined_sound, length_s
from ivr.voice import recording_problem


def sound(file: Path, samples: int, value: int = 7) -> Path:
    with wave.open(str(file), "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(8000)
        output.writeframes(value.to_bytes(2, "little") * samples)
    return file


def content(file: Path) -> bytes:
    with wave.open(str(file), "rb") as opened:
        return opened.readframes(opened.getnframes())


def test_the_sounds_follow_each_other(tmp_path):
    first, second = sound(tmp_path / "a.wav", 800, 1), sound(tmp_path / "b.wav", 400, 2)
    joined = joined_sound([first, second], tmp_path / "joined")
    assert content(joined) == content(first) + content(second)
    assert length_s(joined) == pytest.approx(0.15)
    assert recording_problem(joined) == ""


def test_the_same_sounds_are_joined_once_and_changed_ones_anew(tmp_path):
    parts = [sound(tmp_path / "a.wav", 800), sound(tmp_path / "b.wav", 400)]
    before = joined_sound(parts, tmp_path)
    assert joined_sound(parts, tmp_path) == before
    assert joined_sound(parts[::-1], tmp_path) != before
    sound(parts[0], 900)
    assert joined_sound(parts, tmp_path) != before
    assert not list(tmp_path.glob("*.part"))


def test_one_sound_stays_itself_and_none_is_a_blink(tmp_path):
    alone = sound(tmp_path / "a.wav", 800)
    assert joined_sound([alone], tmp_path) == alone
    assert 0 < length_s(joined_sound([], tmp_path)) < 0.05


def test_a_sound_that_is_gone_is_told(tmp_path):
    with pytest.raises(OSError, match="gone"):
        joined_sound([tmp_path / "gone.wav", tmp_path / "gone.wav"], tmp_path)
