import wave
from pathlib import Path

from asterisk_conf.names import DIALPLAN_PROMPTS
from core.settings import Settings
from ivr.voice import recording_problem
from launch.hold_music import make_music
from launch.prompts import LANGUAGES, make_prompts
from launch.tone import make_tone


def test_the_dialplan_finds_its_prompts_in_both_languages_as_telephone_sound(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, session_key="s", redis_password="r", ami_password="a")

    first, second = make_prompts(settings), make_prompts(settings)

    assert first == second > 0
    for language in LANGUAGES:
        for key in DIALPLAN_PROMPTS:
            with wave.open(str(tmp_path / "asterisk/data/sounds/halo" / language / f"{key}.wav")) as sound:
                assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (8000, 2, 1)
                assert sound.getnframes() > 4000


def test_the_music_is_a_minute_long_and_its_folder_holds_nothing_else(tmp_path: Path) -> None:
    make_music(tmp_path)

    files = list(tmp_path.iterdir())
    assert [file.suffix for file in files] == [".wav"]
    with wave.open(str(files[0])) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (8000, 2, 1)
        assert 55 < sound.getnframes() / 8000 < 70


def test_music_of_the_operators_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ours.wav").write_bytes(b"kept")

    make_music(tmp_path)

    assert [file.name for file in tmp_path.iterdir()] == ["ours.wav"]


def test_the_tone_is_one_that_asterisk_can_play(tmp_path: Path) -> None:
    file = tmp_path / "sounds" / "beep.wav"
    make_tone(file)
    assert recording_problem(file) == ""
    first = file.stat().st_mtime_ns
    make_tone(file)
    assert file.stat().st_mtime_ns == first
