"""Files for prompts, with a synthesizer that writes tones quickly; the real one is tested in test_espeak.py."""

import os
import threading
import wave
from pathlib import Path

import pytest

from ivr.catalogue import shipped_catalogue
from ivr.line import Prompt
from ivr.voice import Voice, VoiceFailed, recording_problem

FIXED = Prompt("goodbye", "id")


def write_wav(file: Path, rate_hz: int = 8000, channels: int = 1, frames: int = 800) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate_hz)
        sound.writeframes(b"\x10\x20" * frames * channels)


class ToneSynthesizer:
    def __init__(self, name: str = "tone") -> None:
        self.name = name
        self.spoken: list[str] = []
        self.fails = False

    def speak(self, text: str, language: str, file: Path) -> None:
        self.spoken.append(text)
        file.write_bytes(b"half a file")
        if self.fails:
            raise VoiceFailed("no voice")
        write_wav(file)


def total(amount: str) -> Prompt:
    return Prompt("order_total", "en", {"amount": amount})


def make(folder: Path, synthesizer: ToneSynthesizer, most_dynamic: int = 100) -> Voice:
    return Voice(folder / "cache", folder / "recorded", synthesizer, most_dynamic=most_dynamic)


def test_a_sentence_is_synthesised_once_and_kept(tmp_path: Path) -> None:
    synthesizer = ToneSynthesizer()
    first = make(tmp_path, synthesizer).file_for(FIXED)
    again = make(tmp_path, synthesizer).file_for(FIXED)
    assert first == again
    assert synthesizer.spoken == ["Terima kasih sudah menghubungi Halo. Sampai jumpa."]
    assert recording_problem(first) == ""
    assert first.suffix == ".wav"
    assert "." not in first.with_suffix("").name


def test_other_words_another_language_or_another_voice_make_another_file(tmp_path: Path) -> None:
    voice = make(tmp_path, ToneSynthesizer())
    other = make(tmp_path, ToneSynthesizer("other voice"))
    files = {
        voice.file_for(total("ten rupiah")),
        voice.file_for(total("two rupiah")),
        voice.file_for(Prompt("goodbye", "en")),
        voice.file_for(FIXED),
        other.file_for(FIXED),
    }
    assert len(files) == 5


def test_a_recording_wins_and_takes_effect_and_leaves_at_once(tmp_path: Path) -> None:
    voice = make(tmp_path, ToneSynthesizer())
    synthesised = voice.file_for(FIXED)
    recorded = tmp_path / "recorded" / "id" / "goodbye.wav"
    write_wav(recorded)
    assert voice.file_for(FIXED) == recorded
    assert voice.file_for(Prompt("goodbye", "en")) != recorded
    recorded.unlink()
    assert voice.file_for(FIXED) == synthesised


def test_a_recording_never_replaces_a_sentence_with_fields(tmp_path: Path) -> None:
    write_wav(tmp_path / "recorded" / "en" / "order_total.wav")
    assert "recorded" not in make(tmp_path, ToneSynthesizer()).file_for(total("ten rupiah")).parts


@pytest.mark.parametrize(
    ("shape", "problem"),
    [({"rate_hz": 44100}, "44100 Hz"), ({"channels": 2}, "2 channel"), ({"frames": 0}, "empty")],
    ids=["rate", "stereo", "empty"],
)
def test_a_recording_that_asterisk_cannot_play_is_not_used(tmp_path: Path, shape: dict[str, int], problem: str) -> None:
    recorded = tmp_path / "recorded" / "id" / "goodbye.wav"
    write_wav(recorded, **shape)
    assert problem in recording_problem(recorded)
    assert make(tmp_path, ToneSynthesizer()).file_for(FIXED) != recorded


def test_garbage_as_a_recording_is_not_used_until_it_is_mended(tmp_path: Path) -> None:
    recorded = tmp_path / "recorded" / "id" / "goodbye.wav"
    recorded.parent.mkdir(parents=True)
    recorded.write_bytes(b"RIFF garbage")
    voice = make(tmp_path, ToneSynthesizer())
    assert voice.file_for(FIXED) != recorded
    write_wav(recorded)
    os.utime(recorded, ns=(1, 1))
    assert voice.file_for(FIXED) == recorded


def test_prepare_all_makes_every_fixed_sentence_and_a_second_run_makes_none(tmp_path: Path) -> None:
    synthesizer = ToneSynthesizer()
    told: list[tuple[int, int]] = []
    voice = make(tmp_path, synthesizer)
    count = voice.prepare_all(lambda done, every: told.append((done, every)))
    assert count == len(shipped_catalogue().fixed_prompts()) == len(synthesizer.spoken)
    assert told == [(done, count) for done in range(1, count + 1)]
    voice.prepare_all()
    assert len(synthesizer.spoken) == count


def test_a_failure_leaves_nothing_behind_and_the_next_try_works(tmp_path: Path) -> None:
    synthesizer = ToneSynthesizer()
    synthesizer.fails = True
    voice = make(tmp_path, synthesizer)
    with pytest.raises(VoiceFailed):
        voice.file_for(FIXED)
    assert not [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    synthesizer.fails = False
    assert recording_problem(voice.file_for(FIXED)) == ""


def test_many_callers_at_once_get_whole_files(tmp_path: Path) -> None:
    voice = make(tmp_path, ToneSynthesizer())
    problems: list[str] = []
    together = threading.Barrier(8)

    def hear() -> None:
        together.wait()
        problems.extend(recording_problem(voice.file_for(total(f"{number} rupiah"))) for number in range(20))

    threads = [threading.Thread(target=hear) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [""] * 160
    assert len(list((tmp_path / "cache" / "dynamic").iterdir())) == 20


def test_cleaning_keeps_the_latest_used_and_everything_that_may_be_playing(tmp_path: Path) -> None:
    voice = make(tmp_path, ToneSynthesizer(), most_dynamic=2)
    files = [voice.file_for(total(f"{number} rupiah")) for number in range(5)]
    fixed = voice.file_for(FIXED)
    assert voice.clean() == 0, "all of them were made a moment ago"
    for age, file in enumerate(files):
        os.utime(file, (1_000_000 - age * 3600, 1_000_000 - age * 3600))
    broken_off = files[0].with_name("x.part")
    broken_off.write_bytes(b"")
    os.utime(broken_off, (1, 1))
    assert voice.clean() == 4
    assert [file.exists() for file in files] == [True, True, False, False, False]
    assert fixed.exists()


def test_a_file_that_is_used_again_is_young_again(tmp_path: Path) -> None:
    voice = make(tmp_path, ToneSynthesizer(), most_dynamic=1)
    old, new = voice.file_for(total("one rupiah")), voice.file_for(total("two rupiah"))
    for file in (old, new):
        os.utime(file, (1, 1))
    voice.file_for(total("one rupiah"))
    assert voice.clean() == 1
    assert old.exists()
    assert not new.exists()


def test_a_prompt_that_brings_its_recording_is_heard_from_it_as_long_as_it_can_be_played(tmp_path: Path) -> None:
    voice, recording = make(tmp_path, ToneSynthesizer()), tmp_path / "closings" / "fire.wav"
    own = Prompt("goodbye", "id", recording=recording)
    assert voice.file_for(own) == voice.file_for(FIXED)
    write_wav(recording)
    assert voice.file_for(own) == recording
