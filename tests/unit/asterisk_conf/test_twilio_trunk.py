"""Who may bring an interaction id: Twilio's account, when there is one, and no other."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from asterisk_conf import names
from asterisk_conf.render import Account, Addresses, Installation, render

TWILIO = Account("twilio-0011", "its-password")


def installation(folder: Path, twilio: Account | None) -> Installation:
    addresses = Addresses("127.0.0.1", 5060, 8088, 5038, 4573, 16000, 16999)
    trunk = Account(names.TRUNK, "trunk-password")
    return Installation(folder, folder, folder, addresses, "m", "k", "1500400", agents=[], accounts=[trunk], twilio=twilio)


def contexts(folder: Path) -> dict[str, str]:
    """The context of each endpoint: the last one said counts, after that of its template."""
    found = {}
    text = (folder / "etc/pjsip.conf").read_text(encoding="utf-8")
    for name, template, body in re.findall(r"^\[([^\]]+)\]\((\w+)\)\n((?:(?!\[).+\n)*)", text, re.M):
        own = re.findall(r"^context = (\S+)", body, re.M)
        found[name] = own[-1] if own else template
    return found


def test_without_twilio_there_is_no_account_for_it(tmp_path):
    render(installation(tmp_path, None))
    assert contexts(tmp_path) == {names.TRUNK: "caller"}
    assert TWILIO.user not in (tmp_path / "etc/pjsip.conf").read_text(encoding="utf-8")


def test_only_twilios_account_comes_in_where_an_id_is_read(tmp_path):
    render(installation(tmp_path, TWILIO))
    assert contexts(tmp_path) == {names.TRUNK: "caller", TWILIO.user: names.FROM_TWILIO}
    dialplan = (tmp_path / "etc/extensions.conf").read_text(encoding="utf-8")
    readers = [part.split("]")[0] for part in re.split(r"^\[", dialplan, flags=re.M) if "PJSIP_HEADER(read" in part]
    assert readers == [names.FROM_TWILIO]


@pytest.mark.parametrize("secret", ["a\nb", "a;b", "a]b"])
def test_a_password_stays_one_value(tmp_path, secret):
    with pytest.raises(ValueError, match="character"):
        render(installation(tmp_path, replace(TWILIO, secret=secret)))
