"""The doctor finds what would lose a recording: no room, a folder that can't be written to, a worker that does not come."""

import os
from pathlib import Path

import pytest

from asterisk_conf.names import CALLERS_SIDE
from core.clock import SystemClock
from core.settings import Settings
from cti.talks.figures import TalkFigures
from cti.talks.jobs import raw_talks_folder
from launch.doctor.recordings import HOURS_OF_ROOM, LEFT_AFTER_S, recordings, room_and_rest

BYTES_AN_HOUR = 115_200_000  # two sides, 16 bits, 8 kHz


def settings_with(home: Path, record_talks: bool = True) -> Settings:
    return Settings(home=home, session_key="s", redis_password="r", ami_password="a", record_talks=record_talks)


def talk(home: Path, ago_s: float) -> None:
    raw = raw_talks_folder(settings_with(home))
    raw.mkdir(parents=True, exist_ok=True)
    file = raw / f"talk-{ago_s}{CALLERS_SIDE}"
    file.touch()
    at = SystemClock().now().timestamp() - ago_s
    os.utime(file, (at, at))


@pytest.mark.parametrize(("hours", "well"), [(HOURS_OF_ROOM - 1, False), (HOURS_OF_ROOM + 1, True)])
def test_too_little_room_is_found(tmp_path: Path, hours: int, well: bool) -> None:
    assert room_and_rest(tmp_path, hours * BYTES_AN_HOUR, 0).well is well


def test_talks_that_nobody_brings_in_are_found_and_one_that_goes_on_is_none(tmp_path: Path) -> None:
    talk(tmp_path, ago_s=5)
    assert "not brought in" not in recordings(settings_with(tmp_path)).what
    talk(tmp_path, ago_s=LEFT_AFTER_S + 60)
    found = room_and_rest(tmp_path, 10**15, 1)
    assert (found.well, found.next_step) == (False, "read ./halo logs worker.")
    assert not recordings(settings_with(tmp_path)).well


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written_to_is_found_with_the_command_that_opens_it(tmp_path: Path) -> None:
    talk(tmp_path, ago_s=5)
    raw = raw_talks_folder(settings_with(tmp_path))
    raw.chmod(0o500)
    found = recordings(settings_with(tmp_path))
    assert not found.well
    assert f"chmod u+rwx {raw}" in found.next_step


def test_where_nothing_is_recorded_nothing_is_missed(tmp_path: Path) -> None:
    assert recordings(settings_with(tmp_path, record_talks=False)).well


def test_the_figures_count_what_waits_and_say_nothing_before_there_is_a_folder(tmp_path: Path) -> None:
    figures = TalkFigures(raw_talks_folder(settings_with(tmp_path)))
    assert not list(figures.collect())
    for ago_s in (1, 2, 3):
        talk(tmp_path, ago_s)
    told = {metric.name: metric.samples[0].value for metric in figures.collect()}
    assert told["halo_recordings_waiting"] == 3
    assert told["halo_recordings_free_bytes"] > 0
