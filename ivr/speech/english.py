"""How English words sound: the CMU Pronouncing Dictionary, and rules of spelling for the words that it does not hold."""

import gzip
import re
from functools import cache, lru_cache
from pathlib import Path

from ivr.speech.phones import Pronunciation

DICTIONARY_FILE = Path(__file__).parent / "dictionary" / "english.txt.gz"

# Hotlines are asked these in ways that the dictionary does not hold.
_ALSO = {
    "okay": ("ow k ey",), "ok": ("ow k ey",), "yeah": ("y ae", "y eh"), "zero": ("z iy r ow", "z ih r ow"),
    "one": ("w ah n", "w ao n", "w aa n"),
}  # fmt: skip

# Spelling to sound, the longest match first; written for names of products and towns, where any reading is a guess.
_RULES: tuple[tuple[str, str], ...] = (
    ("tion", "sh ah n"), ("sion", "zh ah n"), ("ough", "ao"), ("augh", "ao"), ("eigh", "ey"), ("ight", "ay t"), ("tch", "ch"),
    ("dge", "jh"), ("sch", "s k"), ("igh", "ay"), ("ear", "ih r"), ("eer", "ih r"), ("air", "eh r"), ("are$", "eh r"),
    ("our", "aw r"), ("oor", "ao r"), ("ore$", "ao r"), ("ous", "ah s"), ("ck", "k"), ("ch", "ch"), ("sh", "sh"), ("th", "th"),
    ("ph", "f"), ("wh", "w"), ("qu", "k w"), ("^kn", "n"), ("^wr", "r"), ("^ps", "s"), ("ng", "ng"), ("gh", "g"), ("ee", "iy"),
    ("ea", "iy"), ("oo", "uw"), ("ou", "aw"), ("ow", "ow"), ("oa", "ow"), ("oi", "oy"), ("oy", "oy"), ("ai", "ey"), ("ay", "ey"),
    ("au", "ao"), ("aw", "ao"), ("ew", "uw"), ("ie", "iy"), ("ei", "ey"), ("ey", "iy"), ("ue", "uw"), ("ui", "uw"), ("ar", "aa r"),
    ("er", "er"), ("ir", "er"), ("ur", "er"), ("or", "ao r"), ("ce", "s"), ("ci", "s ih"), ("cy", "s iy"), ("ge$", "jh"),
    ("gi", "jh ih"), ("y$", "iy"), ("^y", "y"), ("e$", ""), ("o$", "ow"), ("a$", "ah"), ("i$", "iy"), ("u$", "uw"),
    ("a", "ae"), ("b", "b"), ("c", "k"), ("d", "d"), ("e", "eh"), ("f", "f"), ("g", "g"), ("h", "hh"), ("i", "ih"), ("j", "jh"),
    ("k", "k"), ("l", "l"), ("m", "m"), ("n", "n"), ("o", "aa"), ("p", "p"), ("q", "k"), ("r", "r"), ("s", "s"), ("t", "t"),
    ("u", "ah"), ("v", "v"), ("w", "w"), ("x", "k s"), ("y", "ih"), ("z", "z"),
)  # fmt: skip
_LONG = {"a": "ey", "e": "iy", "i": "ay", "o": "ow", "u": "uw"}


def english(word: str) -> list[Pronunciation]:
    """The dictionary's pronunciations of a word of small letters (and '), else the rules' guess; [] when neither has one."""
    return in_dictionary(word) or _by_spelling(word)


def in_dictionary(word: str) -> list[Pronunciation]:
    """What the dictionary says, its first entry first; [] for a word that it does not hold."""
    return list(_looked_up(word)) if re.fullmatch(r"[a-z']+", word) else []


@lru_cache(maxsize=10_000)
def _looked_up(word: str) -> tuple[Pronunciation, ...]:
    found = [*_ALSO.get(word, ()), *re.findall(rf"^{word} (.+)$", _dictionary_part(word[:1]), re.MULTILINE)]
    return tuple(tuple(said.split()) for said in dict.fromkeys(found))


def words_in_dictionary() -> frozenset[str]:
    """Every word that the dictionary holds."""
    return frozenset(line.partition(" ")[0] for line in _dictionary().split("\n") if line)


@cache
def _dictionary() -> str:
    with gzip.open(DICTIONARY_FILE, "rt", encoding="ascii") as file:
        return file.read()


@cache
def _dictionary_part(first_letter: str) -> str:
    """The lines of one letter: the file is sorted, so a look-up need not read all of it."""
    text = _dictionary()
    begin = text.find(f"\n{first_letter}")
    last = text.rfind(f"\n{first_letter}")
    return text[begin : text.find("\n", last + 1)] if begin >= 0 else ""


def _by_spelling(word: str) -> list[Pronunciation]:
    if not re.fullmatch(r"[a-z']+", word) or not set("aeiouy") & set(word):
        return []
    letters = word.replace("'", "")
    said: list[str] = []
    place = 0
    while place < len(letters):
        if _is_long(letters, place):
            said.append(_LONG[letters[place]])
            place += 1
            continue
        if place and letters[place] == letters[place - 1] and letters[place] not in "aeiou":
            place += 1  # a doubled consonant is said once
            continue
        pattern, sound = next(rule for rule in _RULES if _fits(rule[0], letters, place))
        said += sound.split()
        place += len(pattern.strip("^$"))
    return [tuple(said)] if said else []


def _is_long(letters: str, place: int) -> bool:
    """The a of "make": a vowel, one consonant and a final e that is silent."""
    rest = letters[place:]
    return len(rest) == 3 and rest[0] in _LONG and rest[1] not in "aeiouyrwx" and rest[2] == "e"


def _fits(pattern: str, letters: str, place: int) -> bool:
    plain = pattern.strip("^$")
    if not letters.startswith(plain, place):
        return False
    return (not pattern.startswith("^") or place == 0) and (not pattern.endswith("$") or place + len(plain) == len(letters))
