"""Steps of consults in live tests: ask somebody first, and who hears music."""

from pathlib import Path

from playwright.sync_api import Page, expect

from core.events import Event, EventKind
from launch.demo.carrier import Call
from launch.demo.desk_page import DeskPage
from launch.demo.event_watch import EventWatch
from tests.live.browser import remote_voice
from tests.live.call_control import AGENT_HZ, CALLER_HZ, OTHER_HZ, others_speak, talk
from tests.live.hearing import samples, tone_share
from tests.live.house import House

OUTSIDE = "+628119000778"


def ask_first(sari: Page, to: str) -> None:
    """F8, whom, Ctrl+Enter."""
    sari.keyboard.press("F8")
    sari.wait_for_selector("#hand-over-to")
    sari.keyboard.type(to)
    sari.keyboard.press("Control+Enter")


def phase(watch: EventWatch, interaction: str, wanted: str) -> Event:
    """Wait until the consult is so far; "": over."""
    return watch.wait(
        lambda event: (
            event.kind is EventKind.CONSULT_CHANGED and event.interaction_id == interaction and event.data["phase"] == wanted
        ),
        f"the consult to be {wanted or 'over'}",
    )


def agent_hears(sari: Page, tone_hz: float, share: float = 0.4) -> bool:
    """Whether the agent hears this tone."""
    voice, rate = remote_voice(sari)
    return tone_share(voice, tone_hz, rate) > share


def has_music(heard: Path) -> bool:
    """Whether the last two seconds were sound, and nobody's voice."""
    sound = samples(heard)[-16000:]
    return (sound**2).mean() > 1e-6 and all(tone_share(sound, hz) < 0.2 for hz in (CALLER_HZ, AGENT_HZ, OTHER_HZ))


def consulting(
    halo: House, sari: Page, pages, watch: EventWatch, tmp_path: Path, agent: str = "2004"
) -> tuple[Call, str, DeskPage]:
    """A caller on hold, and the colleague on the line."""
    others_speak(halo, tmp_path)
    call, interaction = talk(halo, sari, watch, tmp_path)
    page = pages.open(agent)
    ask_first(sari, agent)
    phase(watch, interaction, "calling")
    phase(watch, interaction, "with_them")
    page.wait_state("TALKING")
    expect(sari.locator("[data-consult=swap]")).to_be_visible()
    return call, interaction, page
