"""The desk has Twilio's addresses when Twilio is connected, and only then."""

import os
import subprocess
import sys
from pathlib import Path

from launch.settings_file import prepare_home, write_settings
from launch.sip_accounts import ensure_twilio_account
from tests.unit.launch.test_doctor_carriers import WHOLE

_ADDRESSES = """
from launch.processes.desk import create_app
app = create_app()
print("\\n".join(sorted(rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/carriers/"))))
"""


def addresses(home: Path, given: dict[str, str]) -> list[str]:
    prepare_home(home)
    write_settings(home, given)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALO_")} | {"HALO_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", _ADDRESSES], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_without_twilio_nothing_of_it_can_be_reached(tmp_path: Path) -> None:
    assert addresses(tmp_path, {}) == []


def test_with_twilio_all_of_it_can_be_reached(tmp_path: Path) -> None:
    ensure_twilio_account(tmp_path)
    names = ("dialled", "message", "message-status", "status", "voice")
    assert addresses(tmp_path, WHOLE) == [f"/carriers/twilio/{name}" for name in names]
