import stat
from pathlib import Path

import pytest

from core.errors import HaloError
from launch.sip_accounts import (
    accounts_file,
    ensure_accounts,
    ensure_twilio_account,
    read_accounts,
    read_twilio_account,
    twilio_account_file,
)


def test_accounts_have_secrets_of_their_own_and_stay_as_they_are(tmp_path: Path) -> None:
    made = ensure_accounts(tmp_path, "+628111111111", "Ibu Sri")

    assert ensure_accounts(tmp_path, "+628222222222", "Someone else") == made
    assert read_accounts(tmp_path) == made
    assert len({account.secret for account in made}) == len(made) == 2
    assert [account.number for account in made] == ["", "+628111111111"]
    assert stat.S_IMODE(accounts_file(tmp_path).stat().st_mode) == 0o600


def test_twilio_has_an_account_that_nobody_can_guess_and_that_stays(tmp_path: Path) -> None:
    with pytest.raises(HaloError):
        read_twilio_account(tmp_path)

    made = ensure_twilio_account(tmp_path)

    assert ensure_twilio_account(tmp_path) == made == read_twilio_account(tmp_path)
    other = ensure_twilio_account(tmp_path / "other")
    assert {made.user, made.secret}.isdisjoint({other.user, other.secret})
    assert len(made.secret) >= 32
    assert stat.S_IMODE(twilio_account_file(tmp_path).stat().st_mode) == 0o600
