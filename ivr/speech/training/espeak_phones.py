"""What espeak-ng says for an Indonesian word, in our phones: its own spelling of sounds, read and translated."""

import subprocess
from collections.abc import Sequence

from ivr.speech.phones import Pronunciation

_OURS = {
    "a": "aa", "@": "ah", "E": "eh", "e": "eh", "i": "iy", "I": "ih", "o": "ow", "O": "ao", "u": "uw", "U": "uh", "aI": "ay",
    "aU": "aw", "oI": "oy", "s": "s", "t": "t", "d": "d", "g": "g", "m": "m", "p": "p", "l": "l", "n": "n", "dZ": "jh", "tS": "ch",
    "h": "hh", "b": "b", "k": "k", "N": "ng", "j": "y", "R2": "r", "R": "r", "r": "r", "f": "f", "v": "v", "z": "z", "w": "w",
    "C": "sh", "S": "sh", "x": "k", "n^": "n y", "?": "", "|": "", "Z": "zh", "T": "th", "q": "k",
}  # fmt: skip
_MARKS = "',%=|"


def espeak_phones(words: Sequence[str]) -> dict[str, Pronunciation]:
    """The phones of each word, by word; without those that espeak-ng says with a sound we have no phone for."""
    said: dict[str, Pronunciation] = {}
    for first in range(0, len(words), 400):
        chunk = words[first : first + 400]
        lines = _ask("\n\n".join(chunk))
        if len(lines) != len(chunk):
            lines = [" ".join(_ask(word)) for word in chunk]
        for word, line in zip(chunk, lines, strict=True):
            phones = _translated(line)
            if phones:
                said[word] = phones
    return said


def _ask(text: str) -> list[str]:
    done = subprocess.run(
        ["espeak-ng", "-v", "id", "-q", "-x", "--sep=_", "-m"], input=text, text=True, capture_output=True, check=True
    )
    return [line for line in done.stdout.split("\n") if line.strip()]


def _translated(line: str) -> Pronunciation:
    phones: list[str] = []
    for sound in line.strip().replace(" ", "_").split("_"):
        plain = sound.lstrip(_MARKS).rstrip(":;")
        if plain and plain not in _OURS:
            return ()
        phones += _OURS.get(plain, "").split()
    return tuple(phones)
