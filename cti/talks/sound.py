"""The sound of a talk: what Asterisk writes (a raw file for each side, 8 kHz) made small without loss, and drawn."""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import HaloError

RATE = 8000
_SAMPLE_BYTES = 2
_WAVES_MOST = 400
_WAVES_EACH_S = 0.1  # a shorter recording has fewer stretches
_FULL = 12_000.0  # root mean square of a voice as loud as they come on a telephone line
_SOX_S = 300


class NotPacked(HaloError):
    """The sound could not be made into a file."""

    code = "not_packed"


@dataclass(frozen=True, slots=True)
class Sides:
    """The two files of a recording as Asterisk writes them: what the caller said, and what they heard."""

    caller: Path
    agent: Path

    def length_s(self) -> float:
        """How long the longer one is, in seconds; 0 where neither is there."""
        return max(self._sizes_bytes()) // _SAMPLE_BYTES / RATE

    def written_at_s(self) -> float:
        """When something was written last, in seconds since 1970. Raises FileNotFoundError where the caller's is gone."""
        return max(side.stat().st_mtime for side in (self.caller, self.agent) if side.exists() or side is self.caller)

    def delete(self) -> None:
        """The caller's goes last: it is by that one that the recording is found."""
        self.agent.unlink(missing_ok=True)
        self.caller.unlink(missing_ok=True)

    def _sizes_bytes(self) -> list[int]:
        return [side.stat().st_size if side.exists() else 0 for side in (self.caller, self.agent)]


def pack(sides: Sides, from_s: float, to_s: float, file: Path) -> None:
    """Write seconds [from_s, to_s) to `file` as FLAC, left the caller, right what they heard; whole on disk, or not there.

    Raises NotPacked.
    """
    first, last = round(from_s * RATE), round(to_s * RATE)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new.flac")
    raw = ["-t", "raw", "-r", str(RATE), "-e", "signed-integer", "-b", "16", "-c", "1"]
    try:
        sides.agent.touch()  # an empty side is silent
        _sox("sox", "-M", *raw, str(sides.caller), *raw, str(sides.agent), str(fresh), "trim", f"{first}s", f"={last}s")
        packed = int(_sox("sox", "--i", "-s", str(fresh)))
        if packed != last - first:
            raise NotPacked(f"A recording has {packed} samples instead of {last - first}.", "Run ./halo doctor: is the disk full?")
        fresh.chmod(0o600)
        with fresh.open("rb") as written:
            os.fsync(written.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _sox(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SOX_S).stdout
    except FileNotFoundError:
        raise NotPacked("sox is missing.", "Run sudo ./halo install.") from None
    except subprocess.SubprocessError as problem:
        said = str(getattr(problem, "stderr", "") or problem).strip().splitlines()
        why = said[-1] if said else "no reason given"
        raise NotPacked(f"sox could not pack a recording: {why}.", "Run ./halo doctor: is the disk full?") from None


def checksum(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as written:
        return hashlib.file_digest(written, "sha256").hexdigest()


def waves(sides: Sides, from_s: float, to_s: float) -> dict[str, list[int]]:
    """How loud each side is in each of up to 400 equally long stretches, 0 to 100 (square root of the share of full)."""
    first, last = round(from_s * RATE), round(to_s * RATE)
    stretches = max(1, min(_WAVES_MOST, int((last - first) / RATE / _WAVES_EACH_S)))
    edges = np.linspace(first, last, stretches + 1).astype(int)
    return {"caller": _loudness(sides.caller, edges), "agent": _loudness(sides.agent, edges)}


def _loudness(side: Path, edges: NDArray[np.int_]) -> list[int]:
    there = side.exists() and side.stat().st_size >= _SAMPLE_BYTES
    sound = np.memmap(side, dtype="<i2", mode="r") if there else np.zeros(0, "<i2")
    drawn = []
    for begin, end in pairwise(edges):
        part = sound[begin : max(end, begin + 1)].astype(np.float64)
        loud = float(np.sqrt((part**2).mean())) if len(part) else 0.0
        drawn.append(min(100, round(100 * (loud / _FULL) ** 0.5)))
    return drawn
