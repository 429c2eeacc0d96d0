"""Ears: finds a sentence in what one side of a call heard."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cti.recorded import loud_s

RATE = 8000
LIKE = 0.7
_ASIDE_S = 0.35
_SAME_S = 0.5  # two places nearer than this are one
_HEADER_BYTES = 44
MIDDLE, ANYWHERE = (0.5,), (0.5, 0.25, 0.75)
_PART = RATE // 4
_LOUD_PART_S = 0.1
_NEAR, _LATE = RATE // 5, RATE // 50  # samples: how far from its place a part is looked for
_LOST = RATE // 16  # the same, for each part that may be missing

Sound = np.ndarray[tuple[int], np.dtype[np.float64]]


def samples(file: Path) -> Sound:
    """A 16-bit mono WAV at 8 kHz as floats from -1 to 1. One that is still being written is read as far as it goes."""
    data = file.read_bytes()
    if data[:4] == b"RIFF" and len(data) >= _HEADER_BYTES:
        assert (int.from_bytes(data[22:24], "little"), int.from_bytes(data[24:28], "little")) == (1, RATE)
    body = data[_HEADER_BYTES:]
    return np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2").astype(np.float64) / 32768


def is_whole(file: Path) -> bool:
    """Whether Asterisk has closed this recording: only then its header says how long it is."""
    with file.open("rb") as recording:
        head = recording.read(_HEADER_BYTES)
    return len(head) == _HEADER_BYTES and int.from_bytes(head[40:44], "little") == file.stat().st_size - _HEADER_BYTES


def heard_at_s(recording: Path, prompt: Path) -> list[float]:
    """Where in the recording this prompt begins, in seconds, each time that it does; see found_at_s.

    A busy machine may shift its second half by 20 ms, and the very middle second is then like neither half: one a little earlier
    or later is enough. Not much: a synthesised voice says the words that two prompts share in exactly the same way.
    """
    whole = samples(prompt)
    aside = _ASIDE_S * RATE / max(1, len(whole))
    return found_at_s(samples(recording), whole, places=(0.5, 0.5 - aside, 0.5 + aside))


def found_at_s(sound: Sound, whole: Sound, after_s: float = 0.0, places: Sequence[float] = MIDDLE) -> list[float]:
    """Where in the sound this sentence begins, in seconds, each time that it does at `after_s` or later.

    Normalised cross-correlation with the middle second of the sentence: speech that only resembles it stays below 0.5. With
    more `places` (0 to 1 of its length) a second at one of them is enough, where sound may have been lost in the middle.
    """
    found: list[float] = []
    for place in places:
        start = min(max(0, int(len(whole) * place) - RATE // 2), max(0, len(whole) - RATE))
        for sample in _found(sound, whole[start : start + RATE], max(0, int(after_s * RATE) + start)):
            begin_s = (sample - start) / RATE
            if all(abs(begin_s - known_s) >= _SAME_S for known_s in found):
                found.append(begin_s)
    return sorted(found)


def _found(sound: Sound, wanted: Sound, first: int) -> list[int]:
    likeness = _likeness(sound[first:], wanted)
    found, apart = [], int(_SAME_S * RATE)
    while len(likeness) and likeness.max() > LIKE:
        best = int(np.argmax(likeness))
        found.append(best + first)
        likeness[max(0, best - apart) : best + apart] = 0
    return found


def is_heard_whole(sound: Sound, whole: Sound, begin_s: float, most_missed: int) -> bool:
    """Whether the sentence that begins at `begin_s` is heard to its end, but for `most_missed` parts in a row.

    Parts are a quarter of a second long and overlap by half. Each is looked for where the one before it ended, or a little
    earlier: a busy machine loses sound, 20 ms at a time, and that is no other sentence.
    """
    shift, missed, first = 0, 0, True
    for start in range(0, max(1, len(whole) - _PART), _PART // 2):
        part = whole[start : start + _PART]
        if speech_s(part) < _LOUD_PART_S:
            continue
        earlier, later = (_NEAR, _NEAR) if first else (_LOST * most_missed, _LATE)
        begins = max(0, int(begin_s * RATE) + start + shift - earlier)
        likeness = _likeness(sound[begins : begins + len(part) + earlier + later], part)
        best = int(np.argmax(likeness)) if len(likeness) else 0
        if len(likeness) and likeness[best] > LIKE:
            shift, missed, first = begins + best - int(begin_s * RATE) - start, 0, False
        else:
            missed += 1
        if missed > most_missed:
            return False
    return True


def _likeness(sound: Sound, wanted: Sound) -> Sound:
    """How like `wanted` the sound is at each place, -1 to 1; none where it is shorter."""
    if len(sound) < len(wanted):
        return np.zeros(0)
    size = 1 << (len(sound) + len(wanted)).bit_length()
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(wanted, size)), size)[: len(sound) - len(wanted) + 1]
    energy = np.concatenate(([0.0], np.cumsum(sound**2)))
    return np.asarray(product / (np.sqrt((energy[len(wanted) :] - energy[: -len(wanted)]) * np.sum(wanted**2)) + 1e-9))


def speech_s(sound: Sound) -> float:
    """How many seconds of the sound are as loud as speech."""
    return loud_s((sound * 32767).astype(np.int16), RATE)
