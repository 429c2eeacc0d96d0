"""What a listening caller costs: the wait after the last word, streams for each core, memory for each stream."""

import json
import statistics
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.report import Report
from benchmarks.spoken_tests import Said
from ivr.speech.training.codecs import mu_law
from ivr.speech.training.corpus import SAMPLE_RATE_HZ, Samples

if TYPE_CHECKING:
    from benchmarks.recognition import Listener

_PIECE = SAMPLE_RATE_HZ // 50  # what Asterisk sends at once
_STREAMS = 50
_QUIET_BEFORE_S, _QUIET_AFTER_S = 0.5, 2.0


def measure_cost(report: Report, listener: "Listener", spoken: Sequence[Said]) -> None:
    """Feed menu answers in pieces of 20 ms, as calls bring them, one after the other on one core."""
    waits_ms, seconds = [], 0.0
    chance = np.random.default_rng(1)
    begun = time.process_time()
    for said in spoken:
        samples = _on_a_line(said.samples, chance)
        recogniser = listener.recogniser(said.language, said.kind)
        ended = _QUIET_BEFORE_S + len(said.samples) / SAMPLE_RATE_HZ - 0.02  # a recording ends with 20 ms of quiet
        for at in range(0, len(samples), _PIECE):
            if recogniser.AcceptWaveform(samples[at : at + _PIECE].tobytes()):
                text = json.loads(recogniser.Result())["text"]
                if text == said.words:
                    waits_ms.append(1000 * ((at + _PIECE) / SAMPLE_RATE_HZ - ended))
                if text:
                    break
            recogniser.PartialResult()
        seconds += (at + _PIECE) / SAMPLE_RATE_HZ
    busy_s = time.process_time() - begun
    table = report.table("Cost", "what", "figure")
    table.add("from the end of the last word to the answer, median", f"{statistics.median(waits_ms):.0f} ms")
    table.add("the same, 19 of 20 within", f"{np.quantile(waits_ms, 0.95):.0f} ms")
    table.add("streams that one core keeps up with", f"{seconds / busy_s:.0f}")
    before_kb = _resident_kb()
    waiting = [listener.recogniser(spoken[0].language, "menu") for _ in range(_STREAMS)]
    for recogniser in waiting:
        recogniser.AcceptWaveform(_on_a_line(spoken[0].samples, chance).tobytes())
    table.add("memory for each stream", f"{(_resident_kb() - before_kb) / _STREAMS / 1024:.2f} MB")
    report.figures["cost"] = {"answer_after_ms": statistics.median(waits_ms), "streams_a_core": seconds / busy_s}


def _on_a_line(samples: Samples, chance: np.random.Generator) -> Samples:
    padded = np.pad(samples, (int(_QUIET_BEFORE_S * SAMPLE_RATE_HZ), int(_QUIET_AFTER_S * SAMPLE_RATE_HZ)))
    return mu_law((padded * 0.6 + 12 * chance.standard_normal(len(padded))).astype(np.int16))


def _resident_kb() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return int(next(line for line in status if line.startswith("VmRSS")).split()[1])
