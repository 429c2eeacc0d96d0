"""Where a cti process stands by, every script is run by it when nobody listens at the first one's port."""

import re
from pathlib import Path

from asterisk_conf import names
from asterisk_conf.render import Account, Addresses, Installation, render


def dialplan(folder: Path, standby_agi_port: int | None) -> str:
    addresses = Addresses("127.0.0.1", 5060, 8088, 5038, 4573, 16000, 16999, standby_agi_port=standby_agi_port)
    trunk = Account(names.TRUNK, "trunk-password")
    render(Installation(folder, folder, folder, addresses, "m", "k", "1500400", agents=[], accounts=[trunk], control="99"))
    return (folder / "etc/extensions.conf").read_text(encoding="utf-8")


def test_each_script_is_followed_by_the_same_at_the_stand_by(tmp_path):
    lines = dialplan(tmp_path, 4574).splitlines()
    asked = [number for number, line in enumerate(lines) if ",AGI(${AGI}/" in line]
    assert len(asked) == 8
    for number in asked:
        script = re.sub(r".*?,(AGI\(.*\))$", r"\1", lines[number]).replace("${AGI}", "${AGI_STANDBY}")
        assert lines[number + 1] == f' same => n,ExecIf($["${{AGISTATUS}}" = "FAILURE"]?{script})'
    assert "AGI_STANDBY = agi://127.0.0.1:4574" in lines


def test_without_a_stand_by_there_is_nothing_of_it(tmp_path):
    assert "STANDBY" not in dialplan(tmp_path, None)
