"""Reads back transducers as OpenFst writes them, so that tests can walk through them."""

import struct
from pathlib import Path

from ivr.speech.fst_file import Arc


def read_fst(file: Path) -> tuple[list[list[Arc]], dict[int, float]]:
    """The arcs that leave each state, in the file's order, and the costs of ending."""
    content, at = file.read_bytes(), 0

    def take(form: str) -> tuple:
        nonlocal at
        values = struct.unpack_from("<" + form, content, at)
        at += struct.calcsize("<" + form)
        return values

    def text() -> bytes:
        nonlocal at
        (length,) = take("i")
        at += length
        return content[at - length : at]

    assert take("i") == (2125659606,)
    assert (text(), text()) == (b"vector", b"standard")
    _version, _flags, _properties, start, states, arcs = take("iiQqqq")
    assert start == 0
    leaving, finals = [], {}
    for state in range(states):
        cost, count = take("fq")
        if cost != float("inf"):
            finals[state] = cost
        out = []
        for _ in range(count):
            reads, writes, weight, target = take("iifi")
            out.append(Arc(state, target, reads, writes, weight))
        leaving.append(out)
    assert at == len(content)
    assert sum(map(len, leaving)) == arcs
    return leaving, finals
