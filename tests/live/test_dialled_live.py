"""A number of its own with a menu of its own: published while Halo runs, and called at once."""

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.clock import SystemClock
from ivr.flow_calls import flow_calls
from ivr.flow_file import read_flow, shipped_flow
from ivr.flow_graph import menu_node
from ivr.flow_traffic import traffic
from ivr.flow_versions import in_force
from ivr.line import Prompt
from launch.places import ROOT, VENV_PYTHON
from tests.live.callers import interaction_of, press_through
from tests.live.house import House, wait_until

pytestmark = pytest.mark.one_database

OWN, NOBODYS = "1500401", "1500402"
WORDS = "Promo hari ini: ongkos kirim gratis. Penjualan, tekan satu."
MENU = f"""
  promo_menu:
    ask:
      id: ["{WORDS}", "{WORDS}"]
      en: ["Free delivery today. Sales, press one.", "Free delivery today. Sales, press one."]
    choices:
      - name: sales
        key: 1
        phrases: {{id: [promo penjualan], en: [promo sales]}}
        queue: sales
"""
ENTRY = f"entries:\n  - {{menu: promo_menu, dialled: [{OWN}]}}\n"


@pytest.fixture(scope="module")
def published(_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A flow with a menu for a number that nobody could call when Halo was started; the shipped one afterwards."""
    file = tmp_path_factory.mktemp("flow") / "hotline.yaml"
    file.write_text(shipped_flow().text.replace("entries:\n", ENTRY).rstrip("\n") + "\n" + MENU, encoding="utf-8")
    call = _house.carrier.dial(OWN, "+62819000991")
    assert call.ended.wait(10)
    assert not call.answered.is_set(), "nothing is for this number yet"
    launch(_house, "ivr", "publish", str(file), "--note", "promo", "--without-tests")
    yield _house
    launch(_house, "ivr", "rollback", "hotline", "1")


def launch(halo: House, *words: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALO_")}
    done = subprocess.run(
        [VENV_PYTHON, "-m", "launch", *words], cwd=ROOT, env=environment | {"HALO_HOME": str(halo.settings.home)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("number", [OWN, f"+{OWN}"])
def test_a_call_to_it_begins_with_its_menu_at_once(published: House, number: str) -> None:
    watch = published.watch()
    (known,) = published.known_numbers(1)
    call = published.carrier.dial(number, known)
    published.calls.append(call)
    interaction = interaction_of(call.wait_answered(), watch)
    wait_until(lambda: published.hears_prompt(call, Prompt("promo_menu_1", "id", text=WORDS)), "the menu of that number")
    press_through(call, interaction, watch, "1")
    wait_until(lambda: published.store.place(interaction) is not None, "the caller in line")
    call.hang_up()
    row = published.interaction(interaction)
    assert (row.dnis.lstrip("+"), row.queue) == (OWN, "sales")


def test_a_number_that_no_menu_is_for_is_not_answered(published: House) -> None:
    call = published.carrier.dial(NOBODYS, "+62819000992")
    assert call.ended.wait(10)
    assert not call.answered.is_set()


def test_its_calls_are_on_the_heat_map_at_its_menu(published: House) -> None:
    with published.database.reading() as session:
        record = in_force(session, "hotline")
        assert record is not None
        flow, now = read_flow(record.content, "hotline").flow, SystemClock().now()
        calls = flow_calls(session, "hotline", now - timedelta(hours=1), now)
    at_menu = traffic(flow, calls).at(menu_node("promo_menu"))
    assert at_menu.arrived == 2
    assert at_menu.gone == 0
