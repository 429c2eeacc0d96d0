"""Writes weighted transducers as files that Vosk reads: OpenFst's "vector" format with standard arcs.

The format as OpenFst reads it (fst.h, vector-fst.h): a header, then each state's final cost and arcs, all little-endian.
"""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_MAGIC, _VERSION = 2125659606, 2
_EXPANDED_AND_MUTABLE = 0x3
_SORTED = {"input": 0x0000000010000000, "output": 0x0000000040000000}
_NOT_FINAL = float("inf")


class Arc(NamedTuple):
    """From a state to a state, reading `input` and writing `output` (0: nothing), at a cost (-log of a probability)."""

    source: int
    target: int
    input: int
    output: int
    cost: float


def write_fst(file: Path, arcs: Sequence[Arc], finals: Mapping[int, float], sorted_by: str) -> None:
    """Write a transducer that starts in state 0. `finals` are the costs of ending; `sorted_by` is "input" or "output"."""
    count = 1 + max(max(max(arc.source, arc.target) for arc in arcs), *finals)
    leaving: list[list[Arc]] = [[] for _ in range(count)]
    for arc in arcs:
        leaving[arc.source].append(arc)
    properties = _EXPANDED_AND_MUTABLE | _SORTED[sorted_by]
    header = struct.pack("<i", _MAGIC) + _text("vector") + _text("standard")
    parts = [header, struct.pack("<iiQqqq", _VERSION, 0, properties, 0, count, len(arcs))]
    for state, out in enumerate(leaving):
        out.sort(key=lambda arc: (arc.input, arc.output) if sorted_by == "input" else (arc.output, arc.input))
        parts.append(struct.pack("<fq", finals.get(state, _NOT_FINAL), len(out)))
        parts += [struct.pack("<iifi", arc.input, arc.output, arc.cost, arc.target) for arc in out]
    file.write_bytes(b"".join(parts))


def _text(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode("ascii")
