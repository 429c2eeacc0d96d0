"""What Asterisk loads decides how a voice reaches whoever is given another partner in the middle of a call."""

import re

from asterisk_conf.render import render
from tests.unit.asterisk_conf.test_twilio_trunk import installation


def test_no_phones_packets_are_passed_on_with_its_own_numbering(tmp_path):
    render(installation(tmp_path, None))
    loaded = re.findall(r"^load = (\w+)\.so", (tmp_path / "etc/modules.conf").read_text(encoding="utf-8"), re.M)
    assert "bridge_native_rtp" not in loaded
    assert {"bridge_simple", "bridge_softmix"} <= set(loaded)
