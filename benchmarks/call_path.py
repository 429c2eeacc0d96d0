"""The way of a call to its agent, stage by stage: with a page over HTTP, and with a real browser that is page and phone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from benchmarks.call_times import STAGES, Moments, between
from benchmarks.house import benchmark_house, manager_of
from benchmarks.ready_to_ring import EXTENSIONS, ready_to_ring
from benchmarks.report import SPREAD_COLUMNS, Report
from core.errors import Unavailable
from launch.demo.desk_page import DeskPage
from tests.live.browser import CHROMIUM, browser_page, go_ready, wait_for
from tests.live.callers import changed, to_queue
from tests.live.house import House

AGENT, BROWSER_AGENT, BROWSER_LOGIN = "2003", "1001", "sari"
KEYS = "10"  # Indonesian, then a person
BROWSER_STAGES = (
    *STAGES,
    ("F4 pressed → both in one bridge", "pressed", "bridged"),
    ("F4 pressed → browser says it speaks", "pressed", "speaks"),
)
# Answers as an agent does who is waiting for it, in the same moment and by the same key.
ANSWER_AT_ONCE = """
() => new MutationObserver(() => {
  if (document.body.dataset.phone !== 'ringing' || window.haloPressedFor === document.body.dataset.interaction) return;
  window.haloPressedFor = document.body.dataset.interaction;
  window.haloPressed = performance.timeOrigin + performance.now();
  document.dispatchEvent(new KeyboardEvent('keydown', {key: 'F4', bubbles: true}));
}).observe(document.body, {attributes: true})
"""
DIARY = "() => ({began: performance.timeOrigin, lines: window.haloDiary.splice(0), pressed: window.haloPressed})"

AnsweredCall = Callable[[House, Moments], dict[str, float]]


def measure(report: Report, calls: int, waiting: int, rounds: int) -> None:
    """Fill the report: `calls` one after the other for each kind of page; then an agent who becomes ready while many wait."""
    moments = Moments()
    with (
        benchmark_house(EXTENSIONS) as house,
        manager_of(house, Newstate=moments.state_changed, BridgeEnter=moments.bridge_entered) as manager,
    ):
        house.carrier.set_for_phones(answer_after_s=0)
        with _desk_page(house) as one_call:
            _fill(report, "A page over HTTP, a SIP phone that answers at once", STAGES, house, moments, one_call, calls)
        if _has_browser():
            with _browser(house) as one_call:
                title = "A real browser (headless Chromium), its WebRTC phone answered by F4 at once"
                _fill(report, title, BROWSER_STAGES, house, moments, one_call, calls)
        else:
            report.remarks.append("No browser here: 'sudo ./halo install --with-tests' installs Chromium.")
        ready_to_ring(report, house, manager, waiting, rounds)


def _fill(
    report: Report, title: str, stages: tuple[tuple[str, str, str], ...], house: House, moments: Moments,
    one_call: AnsweredCall, calls: int,
) -> None:  # fmt: skip
    table = report.table(title, *SPREAD_COLUMNS)
    found = [between(one_call(house, moments), stages) for _ in range(calls)]
    for name, _start, _end in stages:
        report.spread_row(table, name, [times[name] for times in found])


def _answered(house: House, moments: Moments) -> tuple[str, dict[str, float]]:
    """One call until both speak, and then to its end; returns its interaction and its moments."""
    watch = house.watch()
    call, interaction_id = to_queue(house, watch, KEYS)
    changed(watch, interaction_id, "answer")
    found = moments.of(watch.catch_up(), interaction_id)
    call.hang_up()
    return interaction_id, found


@contextmanager
def _desk_page(house: House) -> Iterator[AnsweredCall]:
    with house.page(AGENT).open() as page:
        house.phone_is_up(AGENT)
        page.make_ready()

        def one_call(house: House, moments: Moments) -> dict[str, float]:
            page.wait_state("READY")
            interaction_id, found = _answered(house, moments)
            page.wait_state("WRAP_UP")
            page.save("solved", "")
            rings = next(row for row in house.carrier.rings(f"agent-{AGENT}") if row["interaction"] == interaction_id)
            return found | {"pop": _pop_at(page, interaction_id), "rings": float(rings["timestamp"])}

        yield one_call
        page.wait_state("READY")
        page.post("/api/log-out")


def _pop_at(page: DeskPage, interaction_id: str) -> float:
    pop = page.pop_of(interaction_id)
    if pop is None:
        raise Unavailable("The page never showed the caller.", "Read the desk's log.")
    return pop.at.timestamp()


@contextmanager
def _browser(house: House) -> Iterator[AnsweredCall]:
    from playwright.sync_api import sync_playwright  # only where tests are installed

    with sync_playwright() as playwright, browser_page(playwright, house, BROWSER_LOGIN) as page:
        go_ready(page)
        page.evaluate(ANSWER_AT_ONCE)

        def one_call(house: House, moments: Moments) -> dict[str, float]:
            wait_for(page, agent_state="READY")
            page.evaluate(DIARY)
            interaction_id, found = _answered(house, moments)
            wait_for(page, agent_state="WRAP_UP")
            diary = page.evaluate(DIARY)
            house.changes.finish_wrap_up(BROWSER_AGENT, interaction_id, ready=True)

            def first(**wanted: str) -> float:
                fitting = (line for line in diary["lines"] if wanted.items() <= line.items())
                return (diary["began"] + next(fitting)["at"]) / 1000

            seen = {"pop": first(state="RESERVED"), "rings": first(phone="ringing"), "speaks": first(phone="in_call")}
            return found | seen | {"pressed": diary["pressed"] / 1000}

        yield one_call
        wait_for(page, agent_state="READY")
        house.changes.log_out(BROWSER_AGENT)


def _has_browser() -> bool:
    return Path(CHROMIUM).exists() and find_spec("playwright") is not None
