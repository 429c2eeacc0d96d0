"""A recorded talk comes to the store and on record whole, once, and with the right agent, whatever died in between."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from core.clock import SystemClock
from core.database import Database
from core.events import EventKind
from core.ids import new_id
from core.settings import Settings
from crm.talk_recordings import TalkRecording
from cti.talks.bringing_in import ENDED_FOR, LEFT_FOR, bring_in_talks
from cti.talks.jobs import forget_old_talks
from cti.talks.sound import RATE, checksum
from routing.agents import AgentRecord
from tests.live.hearing import tone_share
from tests.services.recorded_talks import AGENT_HZ, CALLER_HZ, asterisk_wrote, call, stored, told

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
ENDED = NOW - timedelta(minutes=1)
BEGUN = ENDED - timedelta(seconds=4)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    made = tmp_path / "spool"
    made.mkdir()
    return made


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "talks"


def rows(database: Database) -> list[TalkRecording]:
    with database.reading() as session:
        return list(session.scalars(select(TalkRecording).order_by(TalkRecording.started_at)))


def sound_of(file: Path) -> np.ndarray:
    """Both sides, one column each."""
    command = ["sox", str(file), "-t", "raw", "-e", "signed-integer", "-b", "16", "-"]
    heard = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(heard, "<i2").reshape(-1, 2).astype(float) / 32768


def test_a_finished_talk_is_heard_on_two_sides_and_known_by_agent_team_site_and_checksum(
    database: Database, raw: Path, store: Path
) -> None:
    with database.writing() as session:
        session.add(AgentRecord(id="1001", name="Dewi", phone_secret="x", team="north", site="jakarta"))
        session.commit()
    interaction_id = call(database, ENDED, ("1001", BEGUN, ENDED))
    asterisk_wrote(raw, interaction_id, ENDED)
    assert len(bring_in_talks(database, raw, store, NOW)) == 1
    (row,) = rows(database)
    assert (row.interaction_id, row.agent_id, row.team, row.site, row.queue) == (
        interaction_id,
        "1001",
        "north",
        "jakarta",
        "billing",
    )
    assert row.length_s == pytest.approx(4.0)
    assert abs((row.started_at - BEGUN).total_seconds()) < 0.1
    assert row.segment_id is not None
    assert row.sha256 == checksum(store / row.file)
    sound = sound_of(store / row.file)
    assert len(sound) == 4 * RATE
    assert tone_share(sound[:, 0], CALLER_HZ) > 0.9
    assert tone_share(sound[:, 1], AGENT_HZ) > 0.9
    assert len(row.waves["caller"]) == len(row.waves["agent"]) == 40
    assert not list(raw.iterdir()), "Asterisk's files are gone when the record is there"
    assert (store / row.file).stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"


def test_the_same_talk_found_again_after_a_crash_is_one_row(database: Database, raw: Path, store: Path) -> None:
    interaction_id = call(database, ENDED, ("1001", BEGUN, ENDED))
    sides = asterisk_wrote(raw, interaction_id, ENDED)
    kept = {side: side.read_bytes() for side in (sides.caller, sides.agent)}
    bring_in_talks(database, raw, store, NOW)
    for side, said in kept.items():  # the worker died between the commit and the end
        side.write_bytes(said)
    assert bring_in_talks(database, raw, store, NOW) == []
    assert len(rows(database)) == 1
    assert not list(raw.iterdir())


def test_a_file_without_its_row_is_made_anew(database: Database, raw: Path, store: Path) -> None:
    interaction_id = call(database, ENDED, ("1001", BEGUN, ENDED))
    sides = asterisk_wrote(raw, interaction_id, ENDED)
    left = store / f"{BEGUN:%Y/%m/%d}" / f"{sides.caller.name.removesuffix('-caller.sln')}-0.flac"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")  # the worker died before the commit
    bring_in_talks(database, raw, store, NOW)
    (row,) = rows(database)
    assert store / row.file == left
    assert len(sound_of(left)) == 4 * RATE


@pytest.mark.parametrize("ended_at", [None, NOW - ENDED_FOR / 2])
def test_a_talk_that_goes_on_is_left_alone_until_nobody_has_written_for_an_hour(
    database: Database, raw: Path, store: Path, ended_at: datetime | None
) -> None:
    interaction_id = call(database, ended_at, ("1001", BEGUN, ENDED))
    asterisk_wrote(raw, interaction_id, NOW - timedelta(seconds=1))
    assert bring_in_talks(database, raw, store, NOW) == []
    assert len(bring_in_talks(database, raw, store, NOW + LEFT_FOR)) == 1


def test_what_nobody_knows_of_is_kept_all_the_same(database: Database, raw: Path, store: Path) -> None:
    asterisk_wrote(raw, new_id(), ENDED)
    assert bring_in_talks(database, raw, store, NOW) == []
    assert len(bring_in_talks(database, raw, store, NOW + LEFT_FOR)) == 1
    assert rows(database)[0].agent_id == ""


def test_the_recording_is_cut_where_another_agent_has_the_caller(database: Database, raw: Path, store: Path) -> None:
    handed_at = BEGUN + timedelta(seconds=1.5)
    interaction_id = call(database, ENDED, ("1001", BEGUN, handed_at), ("1002", handed_at, ENDED))
    asterisk_wrote(raw, interaction_id, ENDED)
    bring_in_talks(database, raw, store, NOW)
    first, second = rows(database)
    assert (first.agent_id, second.agent_id) == ("1001", "1002")
    assert first.length_s == pytest.approx(1.5, abs=0.01)
    assert first.length_s + second.length_s == pytest.approx(4.0, abs=0.001), "no sample is lost, and none is in both"


def test_a_shorter_side_is_silent_at_its_end(database: Database, raw: Path, store: Path) -> None:
    interaction_id = call(database, ENDED, ("1001", BEGUN, ENDED))
    asterisk_wrote(raw, interaction_id, ENDED, agent_s=1.0)
    bring_in_talks(database, raw, store, NOW)
    sound = sound_of(store / rows(database)[0].file)
    assert len(sound) == 4 * RATE
    assert not sound[2 * RATE :, 1].any()


def test_hold_and_pauses_are_marked_where_they_are(database: Database, raw: Path, store: Path) -> None:
    interaction_id = call(database, ENDED, ("1001", BEGUN, ENDED))
    told(database, interaction_id, EventKind.RECORDING_PAUSED, BEGUN + timedelta(seconds=1))
    told(database, interaction_id, EventKind.RECORDING_RESUMED, BEGUN + timedelta(seconds=2.5))
    asterisk_wrote(raw, interaction_id, ENDED)
    bring_in_talks(database, raw, store, NOW)
    assert rows(database)[0].marks == [["pause", 1.0, 2.5]]


def test_of_a_caller_who_objected_nothing_is_kept_not_even_what_was_before(database: Database, raw: Path, store: Path) -> None:
    interaction_id = call(database, ENDED, ("1001", BEGUN, ENDED))
    before = stored(database, store, BEGUN - timedelta(minutes=5), interaction_id=interaction_id)
    told(database, interaction_id, EventKind.RECORDING_REFUSED, BEGUN + timedelta(seconds=1))
    asterisk_wrote(raw, interaction_id, ENDED)
    assert bring_in_talks(database, raw, store, NOW) == []
    assert not list(raw.iterdir())
    assert not (store / before.file).exists()
    assert [(row.gone_why, row.file) for row in rows(database)] == [("refused", "")]


def test_who_never_got_an_agent_leaves_no_recording_and_other_files_are_not_ours(
    database: Database, raw: Path, store: Path
) -> None:
    asterisk_wrote(raw, call(database, ENDED), ENDED, length_s=0)
    (raw / "note-caller.sln").write_bytes(b"xx")
    assert bring_in_talks(database, raw, store, NOW) == []
    assert [file.name for file in raw.iterdir()] == ["note-caller.sln"]
    assert rows(database) == []


def test_a_talk_that_can_not_be_packed_stays_and_holds_up_no_other(
    database: Database, raw: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interaction_id = call(database, ENDED, ("1001", BEGUN, ENDED))
    asterisk_wrote(raw, interaction_id, ENDED)
    store.write_text("a file where the folder should be", encoding="utf-8")
    assert bring_in_talks(database, raw, store, NOW) == []
    assert len(list(raw.iterdir())) == 2
    store.unlink()
    monkeypatch.setenv("PATH", "")
    assert bring_in_talks(database, raw, store, NOW) == [], "sox is missing"
    monkeypatch.undo()
    assert len(bring_in_talks(database, raw, store, NOW)) == 1


def test_talks_are_kept_for_their_queues_days_but_on_legal_hold_for_longer(database: Database, tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, session_key="x", redis_password="x", ami_password="x", talks_kept_days=30, talks_kept_days_by_queue="sales=5"
    )
    store, now = settings.talks_folder, SystemClock().now()
    old, young = stored(database, store, now - timedelta(days=31)), stored(database, store, now - timedelta(days=29))
    sales = stored(database, store, now - timedelta(days=6), queue="sales")
    held = stored(database, store, now - timedelta(days=400))
    with database.writing() as session:
        session.get_one(TalkRecording, held.id).held_by = "sari"
        session.commit()
    assert forget_old_talks(settings, database) == 2
    assert forget_old_talks(settings, database) == 0
    there = {row.id for row in (old, young, sales, held) if (store / row.file).exists()}
    assert there == {young.id, held.id}
    gone = {row.id: (row.gone_why, row.file) for row in rows(database) if row.gone_at}
    assert gone == {old.id: ("age", ""), sales.id: ("age", "")}


def test_no_file_outside_of_the_store_is_deleted(database: Database, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, session_key="x", redis_password="x", ami_password="x")
    other = tmp_path / "secret.env"
    other.write_text("customers", encoding="utf-8")
    stored(database, settings.talks_folder, SystemClock().now() - timedelta(days=400), file="../../secret.env")
    forget_old_talks(settings, database)
    assert other.exists()
