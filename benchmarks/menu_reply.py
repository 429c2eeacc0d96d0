"""From the key to the next prompt on the wire while many callers are in menus; beside bare FastAGI and the dialplan alone."""

import time
from dataclasses import dataclass

from benchmarks.bare_agi import bare_agi
from benchmarks.first_sound import FirstSound
from benchmarks.house import benchmark_house, manager_of
from benchmarks.menu_load import BARE_AGI, DIALPLAN, EXTENSIONS, menu_sound
from benchmarks.processes import CpuWatch
from benchmarks.report import SPREAD_COLUMNS, Report
from benchmarks.sipp import Sipp
from ivr.joined_sound import length_s
from launch.demo.ami_thread import AmiThread
from tests.live.house import House, wait_until

KEY = "3"
KEY_MS = 120.0  # how long it is held: see the SIPp scenario
AFTER_PROMPT_S = 1.5  # so long the line is silent before the key, so that the next sound is the answer to it
STAYS_MS = 3000
PROBES_A_SECOND = 1.0
FIRST_CALLS_S = 2.0
LISTENERS, LISTENS_MS = 5, 15_000


@dataclass(frozen=True, slots=True)
class Target:
    """Something to call, and how long its first prompts are."""

    name: str
    extension: str
    prompts_s: float
    script_pid: int


def measure(report: Report, calls_in_menus: int, probes: int) -> None:
    """Fill the report."""
    with benchmark_house(EXTENSIONS) as house, manager_of(house) as manager:
        sounds = [menu_sound(house, menu) for menu in ("main_menu", "people_menu")]
        with bare_agi([str(sound.with_suffix("")) for sound in sounds]) as (agi_port, agi_pid), FirstSound() as ear:
            given = zip(("BENCHMARK_MENU", "BENCHMARK_NEXT_MENU"), (str(sound.with_suffix("")) for sound in sounds), strict=True)
            for name, value in (*given, ("BENCHMARK_AGI_PORT", str(agi_port))):
                manager.action("Setvar", Variable=f"GLOBAL({name})", Value=value)
            cti, hotline = house.supervisor.state("cti").pid, house.settings.hotline_number
            sipp = Sipp(house, house.known_numbers(10_000))
            menu_s = length_s(sounds[0])
            targets = (
                Target("Halo", hotline, _prompts_s(sipp, ear, hotline), cti),
                Target("bare FastAGI", BARE_AGI, menu_s, agi_pid),
                Target("dialplan alone", DIALPLAN, menu_s, 0),
            )
            table = report.table(f"Key → next prompt on the wire, {calls_in_menus} calls in menus", *SPREAD_COLUMNS)
            for target in targets:
                times_ms = _measure(report, house, manager, sipp, ear, target, calls_in_menus, probes)
                report.spread_row(table, target.name, times_ms)
                if target.script_pid == cti:
                    report.spread_row(table, "Halo, from the key's end", [time_ms - KEY_MS for time_ms in times_ms])
    report.remarks.append(
        f"A known caller is answered, hears greeting and menu to the end, presses {KEY} after {AFTER_PROMPT_S:g} s of silence and "
        "hears the next menu. Timed from the key (SIP INFO) to the first packet of the next prompt, both on the callers' side "
        f"of loopback; SIPp plays all callers on the same cores. The key is held {KEY_MS:.0f} ms: while Halo hears words, too, "
        "Asterisk tells a key at its end; to the others at its beginning."
    )


def _measure(
    report: Report, house: House, manager: AmiThread, sipp: Sipp, ear: FirstSound, target: Target, at_once: int, probes: int
) -> list[float]:
    listens_ms = round((target.prompts_s + AFTER_PROMPT_S) * 1000)
    call_s = (listens_ms + STAYS_MS) / 1000
    rate = at_once / call_s
    length = probes / PROBES_A_SECOND + call_s
    load = sipp.start(target.extension, KEY, rate, round(rate * (length + call_s)), listens_ms=listens_ms, stays_ms=STAYS_MS)
    time.sleep(call_s + FIRST_CALLS_S)  # until so many are in menus
    pids = {"asterisk": house.supervisor.state("asterisk").pid} | ({"script": target.script_pid} if target.script_pid else {})
    watch = CpuWatch(pids)
    watch.start()
    probe = sipp.start(target.extension, KEY, PROBES_A_SECOND, probes, ear, listens_ms=listens_ms, stays_ms=STAYS_MS)
    calls = probe.finish()
    cpu = ", ".join(f"{name} {share:.0f} %" for name, share in watch.stop().items())
    load.finish()  # its last call began about when the last probe ended
    wait_until(lambda: not manager.rows("CoreShowChannels"), "all calls to end", timeout_s=90)
    found = [
        (heard - call.key) * 1000
        for call in calls
        if call.key is not None and (heard := ear.after(call.far_port, call.key, call.over or call.key + 3)) is not None
    ]
    report.remarks.append(
        f"{target.name}: {len(found)} of {len(calls)} probes heard the next prompt; {rate:.1f} calls/s; CPU {cpu}."
    )
    return found


def _prompts_s(sipp: Sipp, ear: FirstSound, extension: str) -> float:
    """How long the first prompts are there: the longest of a few callers who only listen."""
    calls = sipp.start(extension, KEY, 1.0, LISTENERS, ear, listens_ms=LISTENS_MS, stays_ms=100).finish()
    return max(ear.first_run_s(call.far_port) for call in calls)
