"""Calls a second through the menu until it breaks, and what breaks first; beside bare FastAGI and the dialplan alone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from benchmarks.bare_agi import bare_agi
from benchmarks.first_sound import FirstSound
from benchmarks.house import benchmark_house, manager_of
from benchmarks.load_step import (
    COLUMNS,
    LONGEST_BEHIND_S,
    LONGEST_P95_MS,
    MOST_FAILED_SHARE,
    Step,
    take_calls,
    take_events,
    take_sounds,
    told_at,
)
from benchmarks.processes import CpuWatch, memory_mib
from benchmarks.report import Report
from benchmarks.sipp import Sipp, SippCall
from core.event_archive import Checkpoint
from core.events import Event
from cti.call_log import READER
from ivr.flow_file import shipped_flow
from ivr.line import Prompt
from launch.demo.ami_thread import AmiThread
from launch.prompts import voice_of
from tests.live.house import House, wait_until

PROBES_A_SECOND = 3.0
WARM_UP_RATE, WARM_UP_S = 5.0, 3
DIALPLAN, BARE_AGI = "999", "998"
EXTENSIONS = f"""exten => {DIALPLAN},1,Answer()
 same => n,Read(KEY,${{GLOBAL(BENCHMARK_MENU)}},1,,1,5)
 same => n,Playback(${{GLOBAL(BENCHMARK_NEXT_MENU)}})
 same => n,Hangup()
exten => {BARE_AGI},1,Answer()
 same => n,AGI(agi://127.0.0.1:${{GLOBAL(BENCHMARK_AGI_PORT)}}/bare)
 same => n,Hangup()
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Something to call: what it is, its number, the key that is pressed there, and whose process runs the script (0: nobody's)."""

    name: str
    extension: str
    key: str
    script_pid: int
    is_halo: bool = False


def measure(report: Report, rates: Sequence[float], step_s: int) -> None:
    """Fill the report: for each target rising `rates`, each for `step_s` seconds, until a step has failed twice."""
    with benchmark_house(EXTENSIONS) as house, manager_of(house) as manager:
        prompts = [str(menu_sound(house, menu).with_suffix("")) for menu in ("main_menu", "people_menu")]
        with bare_agi(prompts) as (agi_port, agi_pid), FirstSound() as sound:
            given = {"BENCHMARK_MENU": prompts[0], "BENCHMARK_NEXT_MENU": prompts[1], "BENCHMARK_AGI_PORT": str(agi_port)}
            for name, value in given.items():
                manager.action("Setvar", Variable=f"GLOBAL({name})", Value=value)
            cti, hotline = house.supervisor.state("cti").pid, house.settings.hotline_number
            targets = (
                Target("Halo: greeting, menu, key, next menu", hotline, "3", cti, is_halo=True),
                Target("Halo: greeting, menu, key, the order's status", hotline, "1", cti, is_halo=True),
                Target("bare FastAGI: menu, key, next menu", BARE_AGI, "3", agi_pid),
                Target("dialplan alone: menu, key, next menu", DIALPLAN, "3", 0),
            )
            load = _Load(house, manager, Sipp(house, house.known_numbers(10_000)), sound)
            load.step(targets[0], WARM_UP_RATE, WARM_UP_S)
            found = {target.name: load.until_it_breaks(report, target, rates, step_s) for target in targets}
    _summarise(report, found)


def menu_sound(house: House, menu: str) -> Path:
    """The sound of a menu's first question in Indonesian, as the hotline's callers hear it."""
    words = shipped_flow().flow.menus[menu].ask["id"][0]
    return voice_of(house.settings).file_for(Prompt(f"{menu}_1", "id", text=words))


class _Load:
    def __init__(self, house: House, manager: AmiThread, sipp: Sipp, sound: FirstSound) -> None:
        self._house, self._manager, self._sipp, self._sound = house, manager, sipp, sound
        self._asterisk = house.supervisor.state("asterisk").pid

    def until_it_breaks(self, report: Report, target: Target, rates: Sequence[float], step_s: int) -> list[Step]:
        """All steps, the last of which may be broken; a broken one is tried once more, since a machine has other things to do."""
        table = report.table(target.name, *COLUMNS)
        steps: list[Step] = []
        for rate in rates:
            for _try in range(2):
                steps.append(self.step(target, rate, step_s))
                table.add(*steps[-1].row())
                if not steps[-1].broken():
                    break
            else:
                break
        return steps

    def step(self, target: Target, rate: float, step_s: int) -> Step:
        """One rate, then wait until the house is quiet again."""
        found, position = Step(rate), self._house.bus.last_position()
        main = self._sipp.start(target.extension, target.key, rate, round(rate * step_s))
        probe = self._sipp.start(target.extension, target.key, PROBES_A_SECOND, round(PROBES_A_SECOND * step_s), self._sound)
        pids = {"asterisk": self._asterisk, "redis": self._house.supervisor.state("redis").pid, "sipp": main.process.pid}
        watch = CpuWatch(pids | ({"script": target.script_pid} if target.script_pid else {}))
        watch.start()
        time.sleep(step_s)
        found.cpu, found.memory_mib = watch.stop(), memory_mib(self._asterisk)
        found.behind_s = self._log_behind_s() if target.is_halo else 0.0
        calls, probes = main.finish(), probe.finish()
        take_calls(found, calls)
        take_sounds(found, probes, self._sound.after)
        self._wait_until_quiet()
        if target.is_halo:
            take_events(found, calls, self._events_after(position, calls))
        return found

    def _events_after(self, position: str, calls: Sequence[SippCall]) -> list[Event]:
        events: list[Event] = []
        numbers = {call.number for call in calls}
        while some := self._house.bus.read(position):
            position = some[-1].position
            events += some
        mine = {event.interaction_id for event in events if event.data.get("ani") in numbers}
        return [event for event in events if event.interaction_id in mine]

    def _log_behind_s(self) -> float:
        with self._house.database.reading() as session:
            written = session.scalars(select(Checkpoint.position).where(Checkpoint.reader == READER)).one_or_none()
        return max(0.0, told_at(self._house.bus.last_position()) - told_at(written)) if written else 0.0

    def _wait_until_quiet(self) -> None:
        wait_until(lambda: not self._manager.rows("CoreShowChannels"), "all calls to end", timeout_s=90)
        wait_until(lambda: self._log_behind_s() == 0, "the call log to be up to date", timeout_s=120)


def _summarise(report: Report, found: dict[str, list[Step]]) -> None:
    table = report.table(
        "Through the menu", "what", "clean calls/s", "CPU ms a call: asterisk", "script", "broke at", "what broke first"
    )
    best = {}
    for name, steps in found.items():
        clean = [step for step in steps if not step.broken()]
        last = clean[-1] if clean else Step(0)
        best[name] = last.rate
        a_call = (
            f"{10 * last.cpu[one] / (last.rate + PROBES_A_SECOND):.1f}" if one in last.cpu else "–"
            for one in ("asterisk", "script")
        )
        broken = steps[-1].broken()
        table.add(name, f"{last.rate:g}", *a_call, f"{steps[-1].rate:g}" if broken else "not reached", "; ".join(broken) or "–")
    report.tables.insert(0, report.tables.pop())
    report.figures |= {"clean_calls_per_s": best}
    first, *others = best
    for name in others:
        more = "" if found[name][-1].broken() else "at most "
        if best[name]:
            report.remarks.append(f"{first} carries {more}{best[first] / best[name]:.2f} times the calls of {name!r}.")
    report.remarks += [
        "A caller is answered, presses a key after 1 s and hangs up 1.5 s later; sound flows both ways all the time. SIPp plays "
        "every caller on the same cores. Per cent of CPU are of one core, the machine's of all; "
        "the script is run by cti for Halo and by the bare server for bare FastAGI.",
        f"Clean: at most {MOST_FAILED_SHARE:.0%} of calls failed; p95 of INVITE → 200, of 200 → first sound (heard by three "
        f"callers a second) and of key → next step in the event log each within {LONGEST_P95_MS / 1000:g} s; the call log within "
        f"{LONGEST_BEHIND_S:g} s of the events. A step that is not clean is tried once more.",
    ]
