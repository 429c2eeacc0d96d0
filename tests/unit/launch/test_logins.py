import re
import stat
from pathlib import Path

from launch.logins import ensure_logins, logins_file, read_logins, readable_password


def test_passwords_are_random_and_can_be_read_out() -> None:
    made = {readable_password() for _ in range(200)}

    assert len(made) == 200
    assert all(re.fullmatch(r"([a-z]{6}-){3}\d\d", password) for password in made)


def test_a_password_on_file_stays_when_the_set_up_is_run_again(tmp_path: Path) -> None:
    first = ensure_logins(tmp_path, {"sari": "agent"})
    second = ensure_logins(tmp_path, {"sari": "agent", "ratna": "supervisor"})

    assert second[0] == first[0]
    assert read_logins(tmp_path) == second
    assert stat.S_IMODE(logins_file(tmp_path).stat().st_mode) == 0o600


def test_before_the_set_up_there_are_none(tmp_path: Path) -> None:
    assert read_logins(tmp_path) == []
