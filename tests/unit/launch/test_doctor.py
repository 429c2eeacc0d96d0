from pathlib import Path

import pytest

from core.settings import Settings
from ivr.hours_file import SHIPPED_FILE
from ivr.hours_source import OWN_FILE
from launch.doctor.finding import Finding
from launch.doctor.installation import installation_findings, leaders, opening_hours, private, process, schema
from launch.doctor.machine import compiled_engine, disk_space, redis_version
from launch.doctor.report import print_findings
from launch.schema import upgrade
from launch.settings_file import prepare_home, write_settings
from launch.supervision.supervisor import ProcessState


def settings_with(tmp_path: Path, url: str = "") -> Settings:
    return Settings(home=tmp_path, session_key="s", redis_password="r", ami_password="a", database_url=url)


@pytest.mark.parametrize(
    ("said", "well", "what"),
    [
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc", True, "7.0.15"),
        ("Redis server v=5.0.3 sha=0", False, "5.0.3"),
        ("", False, "unknown version"),
    ],
)
def test_redis_must_be_new_enough(said: str, well: bool, what: str) -> None:
    finding = redis_version(said)

    assert (finding.well, finding.what) == (well, what)


def test_too_little_disk_is_found() -> None:
    assert not disk_space(Path("/srv"), 900_000_000).well
    assert disk_space(Path("/srv"), 1_000_000_000).well


def test_an_engine_that_is_not_compiled_is_found_where_it_could_be() -> None:
    assert not compiled_engine(is_compiled=False, compiler_is_there=True).well
    assert compiled_engine(is_compiled=False, compiler_is_there=False).well
    assert compiled_engine(is_compiled=True, compiler_is_there=False).what == "compiled"


def test_a_secret_that_others_may_read_is_named_with_the_command_that_closes_it(tmp_path: Path) -> None:
    open_file, closed, absent = tmp_path / "open", tmp_path / "closed", tmp_path / "absent"
    open_file.touch(mode=0o640)
    open_file.chmod(0o640)
    closed.touch(mode=0o600)

    finding = private([open_file, closed, absent])

    assert not finding.well
    assert finding.next_step == f"chmod 600 {open_file}"
    assert private([closed, absent]).well


def test_an_empty_database_is_not_at_the_newest_tables_and_a_migrated_one_is(tmp_path: Path, database_url: str) -> None:
    settings = settings_with(tmp_path, database_url)

    assert not schema(settings).well
    upgrade(database_url)
    assert schema(settings).well


def test_a_database_that_cannot_be_reached_is_a_finding_without_its_address(tmp_path: Path) -> None:
    finding = schema(settings_with(tmp_path, "postgresql+psycopg://halo:word@127.0.0.1:1/halo"))

    assert not finding.well
    assert "word" not in finding.what + finding.next_step


def test_a_dead_process_is_found_by_its_state(tmp_path: Path) -> None:
    finding = process(ProcessState("cti", "BACKOFF", 0, 0, 0, "exited too quickly"), settings_with(tmp_path))

    assert not finding.well
    assert "backoff exited too quickly" in finding.what
    assert "./halo logs cti" in finding.next_step


def test_who_leads_is_told_and_that_nobody_does_is_a_fault() -> None:
    states = [ProcessState(name, "RUNNING", pid, 9, 0, "") for name, pid in (("cti", 11), ("cti-2", 12))]

    assert [finding.what for finding in leaders({"": 12}, states)] == ["cti-2 (process 12)"]
    assert not leaders({}, states)[0].well
    assert not leaders({"": 13}, states)[0].well
    both = leaders({"": 11, "retail": 12}, states)
    assert [(finding.subject, finding.what) for finding in both] == [
        ("leader", "cti (process 11)"), ("leader of retail", "cti-2 (process 12)"),
    ]  # fmt: skip


def test_a_process_that_runs_but_does_not_answer_is_found(tmp_path: Path) -> None:
    settings = settings_with(tmp_path).model_copy(update={"ami_port": 1})

    finding = process(ProcessState("asterisk", "RUNNING", 4711, 9, 0, ""), settings)

    assert not finding.well
    assert "does not answer on port 1" in finding.what


def test_where_nothing_is_set_up_the_next_step_is_up(tmp_path: Path) -> None:
    findings = installation_findings(tmp_path)

    assert [(finding.well, finding.next_step) for finding in findings] == [(False, "run ./halo up.")]


def test_where_nothing_runs_the_process_manager_is_the_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HALO_DATABASE_URL", "HALO_HOME"):
        monkeypatch.delenv(name, raising=False)
    prepare_home(tmp_path)
    write_settings(tmp_path, {})

    wrong = {finding.subject for finding in installation_findings(tmp_path) if not finding.well}

    assert "process manager" in wrong
    assert "settings" not in wrong


def test_the_report_ends_with_an_error_only_when_something_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = Finding("disk", True, "9 GB"), Finding("Redis", False, "missing", "install it.")

    assert print_findings([good]) == 0
    assert print_findings([good, bad]) == 1
    assert "Next step: install it." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("written", "well", "what"),
    [("", True, "as shipped"), ("schedules: {office: 1}\n", False, "hours.yaml, line 1"), (None, True, "hotline, office")],
)
def test_a_broken_file_of_opening_hours_is_found(tmp_path: Path, written: str | None, well: bool, what: str) -> None:
    own = tmp_path / OWN_FILE
    own.parent.mkdir()
    text = SHIPPED_FILE.read_text(encoding="utf-8") if written is None else written
    if text:
        own.write_text(text, encoding="utf-8")

    finding = opening_hours(tmp_path)

    assert (finding.well, what in finding.what) == (well, True)


@pytest.mark.parametrize(("queue", "well", "what"), [("sales", True, "of their own: sales"), ("sails", False, "no queue 'sails'")])
def test_hours_of_a_queue_that_there_is_not_are_found(tmp_path: Path, queue: str, well: bool, what: str) -> None:
    own = tmp_path / OWN_FILE
    own.parent.mkdir()
    own.write_text(f"{SHIPPED_FILE.read_text(encoding='utf-8')}queues:\n  {queue}: office\n", encoding="utf-8")

    finding = opening_hours(tmp_path)

    assert (finding.well, what in finding.what) == (well, True)
