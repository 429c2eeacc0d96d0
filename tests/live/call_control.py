"""Steps of call control in live tests: who hears whom, the line out, and hand-overs from the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Playwright

from core.events import Event, EventKind
from launch.demo.carrier import Call
from launch.demo.event_watch import EventWatch
from tests.live.browser import browser_page, go_ready, wait_for
from tests.live.callers import interaction_of, press_through
from tests.live.hearing import make_tone, samples, tone_share
from tests.live.house import House, wait_until
from tests.live.promised_calls import restart_cti

CALLER_HZ, AGENT_HZ, OTHER_HZ = 700, 1300, 2100


@contextmanager
def line_out(halo: House, trunk: str) -> Iterator[None]:
    """Numbers outside can be called meanwhile."""
    _restart(halo, trunk)
    yield
    _restart(halo, "")


def _restart(halo: House, trunk: str) -> None:
    restart_cti(halo, trunk)
    halo.stop_process("desk")
    halo.start_process("desk")
    wait_until(lambda: halo.check("desk") == "", "the desk to be ready")


@contextmanager
def desk_of_sari(playwright: Playwright, halo: House, tmp_path: Path) -> Iterator[Page]:
    """The browser of the agent Sari (sales 5, billing 2), who speaks in a tone of 1300 Hz; at the end she saves her wrap-up."""
    with browser_page(playwright, halo, "sari", make_tone(tmp_path / "agent.wav", AGENT_HZ, rate=48000)) as page:
        yield page
        halo.settle()
        if page.is_closed():
            return
        page.wait_for_selector("body:not([data-agent-state='TALKING'])")
        if page.get_attribute("body", "data-agent-state") == "WRAP_UP":
            page.keyboard.press("Alt+1")
            page.keyboard.press("Control+Enter")


def talk(halo: House, sari: Page, watch: EventWatch, tmp_path: Path, keys: str = "131") -> tuple[Call, str]:
    """A caller, who speaks in a tone of 700 Hz, in a talk with Sari."""
    wait_for(sari, phone="registered")
    if sari.get_attribute("body", "data-agent-state") == "NOT_READY":
        go_ready(sari)
    wait_for(sari, agent_state="READY")
    call = halo.dial(speech=make_tone(tmp_path / "caller.wav", CALLER_HZ)).wait_answered()
    interaction = interaction_of(call, watch)
    press_through(call, interaction, watch, keys)
    wait_for(sari, phone="ringing")
    sari.keyboard.press("F4")
    wait_for(sari, agent_state="TALKING", phone="in_call")
    call.speak()
    return call, interaction


def others_speak(halo: House, tmp_path: Path, length_s: float = 4.0) -> None:
    """Every phone of the carrier's speaks in a tone of 2100 Hz when it answers."""
    halo.carrier.set_for_phones(speech=make_tone(tmp_path / "other.wav", OTHER_HZ, length_s))


def hears_tone(heard: Path, tone_hz: float, share: float = 0.5) -> bool:
    """Whether the last two seconds of what was heard are this tone."""
    if not heard.exists():
        return False
    sound = samples(heard)[-16000:]
    return len(sound) == 16000 and float((sound**2).mean()) > 1e-5 and tone_share(sound, tone_hz) > share


def wait_hears(heard: Path, tone_hz: float, what: str, share: float = 0.5, timeout_s: float = 20) -> None:
    """Wait until somebody hears this tone."""
    wait_until(lambda: hears_tone(heard, tone_hz, share), what, timeout_s)


def hand_over(sari: Page, to: str, note: str = "") -> None:
    """F8, whom, a note, Enter."""
    sari.keyboard.press("F8")
    sari.wait_for_selector("#hand-over-to")
    sari.keyboard.type(to)
    if note:
        sari.fill(".hand-over textarea", note)
    sari.focus("#hand-over-to")
    sari.keyboard.press("Enter")


def handed(watch: EventWatch, interaction: str) -> Event:
    """The hand-over on the event log."""
    return watch.wait(
        lambda event: event.kind is EventKind.INTERACTION_HANDED_OVER and event.interaction_id == interaction, "the hand-over"
    )
