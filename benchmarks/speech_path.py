"""Speech: from the end of a word on the wire to the answer, on real calls; and how many callers may speak at once."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import ms_text, spread
from benchmarks.house import benchmark_house
from benchmarks.report import SPREAD_COLUMNS, Report
from benchmarks.speech_streams import Recognisers, recognisers, said, speak_at_once
from core.clock import stopwatch_s
from core.events import Event, EventKind
from launch.demo.event_watch import EventWatch
from tests.live.callers import interaction_of
from tests.live.house import House

LATE_MS = 1000.0
_ROUNDS = 3
_KEYS, _WORDS = "2", "tagihan"


def measure(report: Report, calls: int, streams: tuple[int, ...], processes: int) -> None:
    """`calls` real calls by voice and by key; then `streams` callers at once, in rising order, until answers are late."""
    with TemporaryDirectory(prefix="halo-speech-") as name:
        folder = Path(name)
        with recognisers(folder / "home", processes) as running:
            _measure_streams(report, running, streams, folder)
        with benchmark_house() as house:
            _measure_calls(report, house, calls, folder)


def _measure_streams(report: Report, running: Recognisers, streams: tuple[int, ...], folder: Path) -> None:
    title = f"Callers who speak at once, {len(running.processes)} recognisers"
    table = report.table(title, "callers", "answers", "wrong", "p50 ms", "p95 ms", "cores used", "KiB each")
    speak_at_once(running, 1, 1, folder)
    idle_kib = running.memory_kib()
    for count in streams:
        began_s, worked_s = stopwatch_s(), running.processor_s()
        found = speak_at_once(running, count, _ROUNDS, folder)
        cores = (running.processor_s() - worked_s) / (stopwatch_s() - began_s)
        each_kib = max(0, running.memory_kib() - idle_kib) / count
        times = spread(found.answer_ms or [float("inf")])
        table.add(
            count,
            len(found.answer_ms),
            found.wrong,
            ms_text(times.p50_ms),
            ms_text(times.p95_ms),
            f"{cores:.2f}",
            f"{each_kib:.0f}",
        )
        report.figures[f"streams {count}"] = {
            "p50_ms": times.p50_ms, "p95_ms": times.p95_ms, "wrong": found.wrong, "cores": cores, "kib_each": each_kib,
        }  # fmt: skip
        if times.p95_ms > LATE_MS:
            break
    report.remarks.append(
        f"Answers count from the last loud frame on the wire; late is a p95 over {LATE_MS:.0f} ms. The callers run on "
        "the same cores. Memory: what the recognisers hold after the callers have spoken, beyond one caller's."
    )


def _measure_calls(report: Report, house: House, calls: int, folder: Path) -> None:
    table = report.table("Real calls through Asterisk, at the main menu, over the prompt", *SPREAD_COLUMNS)
    raw, ends_s = said(_WORDS, folder)
    speech = folder / "speech.wav"
    form = ["-t", "raw", "-r", "8000", "-b", "16", "-e", "signed-integer", "-c", "1", "-"]
    subprocess.run(["sox", "-V1", *form, speech, "pad", "0", "20"], input=raw, check=True)
    numbers = house.known_numbers(calls)
    report.spread_row(table, "a word's end to the flow's next step", [_by_voice(house, each, speech, ends_s) for each in numbers])
    report.spread_row(table, "a key to the flow's next step", [_by_key(house, each) for each in numbers])
    report.remarks.append(
        "Calls: the caller's Asterisk is told to play the word, or to send the key; its own delay, the line and the event log "
        "are inside the times. A key lasts 120 ms."
    )


def _by_voice(house: House, number: str, speech: Path, ends_s: float) -> float:
    watch = house.watch()
    call = house.dial(number, speech).wait_answered()
    interaction = interaction_of(call, watch)
    began_s = stopwatch_s()
    call.speak()
    _wait_step(watch, interaction)
    took_ms = (stopwatch_s() - began_s - ends_s) * 1000
    call.hang_up()
    return took_ms


def _by_key(house: House, number: str) -> float:
    watch = house.watch()
    call = house.dial(number).wait_answered()
    interaction = interaction_of(call, watch)
    began_s = stopwatch_s()
    call.press(_KEYS)
    _wait_step(watch, interaction)
    took_ms = (stopwatch_s() - began_s) * 1000
    call.hang_up()
    return took_ms


def _wait_step(watch: EventWatch, interaction: str) -> None:
    def is_chosen(event: Event) -> bool:
        return event.kind is EventKind.IVR_STEP_TAKEN and event.interaction_id == interaction and event.data["detail"] == "bill"

    watch.wait(is_chosen, "the choice")
