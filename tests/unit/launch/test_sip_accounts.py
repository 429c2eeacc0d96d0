import stat
from pathlib import Path

from launch.sip_accounts import accounts_file, ensure_accounts, read_accounts


def test_accounts_have_secrets_of_their_own_and_stay_as_they_are(tmp_path: Path) -> None:
    made = ensure_accounts(tmp_path, "+628111111111", "Ibu Sri")

    assert ensure_accounts(tmp_path, "+628222222222", "Someone else") == made
    assert read_accounts(tmp_path) == made
    assert len({account.secret for account in made}) == len(made) == 2
    assert [account.number for account in made] == ["", "+628111111111"]
    assert stat.S_IMODE(accounts_file(tmp_path).stat().st_mode) == 0o600
