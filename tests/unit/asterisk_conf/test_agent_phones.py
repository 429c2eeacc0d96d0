"""Each agent has two SIP accounts, one for the page and one for a desk phone; both may dial an echo, and nothing else."""

import re

import pytest

from asterisk_conf import names
from asterisk_conf.render import Addresses, AgentPhone, Installation, render


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asterisk")
    addresses = Addresses("127.0.0.1", 5060, 8088, 5038, 4573, 16000, 16999)
    agents = [AgentPhone("1001", "Sari", "a-secret"), AgentPhone("1002", "Budi", "another")]
    render(Installation(folder, folder, folder, addresses, "m", "k", "1500400", agents=agents, accounts=[]))
    return lambda name: (folder / "etc" / name).read_text(encoding="utf-8")


def test_the_page_has_webrtc_and_the_desk_phone_plain_sip(rendered):
    text = rendered("pjsip.conf")
    assert dict(re.findall(r"^\[(agent-\d+[-a-z]*)\]\((\w+-phone)\)$", text, re.MULTILINE)) == {
        "agent-1001-web": "web-phone", "agent-1001": "sip-phone", "agent-1002-web": "web-phone", "agent-1002": "sip-phone",
    }  # fmt: skip
    assert text.count("password = a-secret") == 2


@pytest.mark.parametrize("kind", [names.WEB_PHONE, "sip", ""])
def test_both_accounts_and_their_channels_are_known_as_the_agents(kind):
    endpoint = names.agent_endpoint("1001", kind)
    for name in (endpoint, f"PJSIP/{endpoint}", f"PJSIP/{endpoint}-0000002a"):
        assert names.agent_of_endpoint(name) == "1001"
    assert (endpoint == names.agent_endpoint("1001")) == (kind != names.WEB_PHONE)


def test_agents_phones_dial_an_echo_that_ends_by_itself_and_nothing_else(rendered):
    context = rendered("extensions.conf").split("[agent-phones]")[1].split("\n[")[0]
    assert re.findall(r"^exten => (\S+?),", context, re.MULTILINE) == [names.ECHO, "i"]
    assert f"TIMEOUT(absolute)={names.ECHO_LASTS_S}" in context
    assert "app_echo.so" in rendered("modules.conf")
