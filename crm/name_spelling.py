"""Names as they are compared: without case, accents and signs; and in one spelling for all in which Indonesia writes them.

The old spelling (until 1972) wrote oe, dj, tj, j for today's u, j, c, y, and many names keep it. Arabic sounds are written ch, kh
or h, Javanese ones dh or d, bh or b, th or t, and doubled letters come and go.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_NAME = 160

_APOSTROPHES = re.compile(r"['’ʼ`´‘]")
_NO_LETTER = re.compile(r"[^\w]|_")
# In this order: what stands earlier is part of nothing that stands later.
_SPELLINGS = (
    (re.compile(r"oe"), "u"),
    (re.compile(r"tj"), "c"),
    (re.compile(r"dj"), "y"),
    (re.compile(r"nj"), "ny"),
    (re.compile(r"sj|sh"), "sy"),
    (re.compile(r"^chr"), "kr"),
    (re.compile(r"^ch(?=ai|o|u)"), "h"),  # Chairul, Cholil, Chusnul; but Chandra is Candra
    (re.compile(r"^ch"), "c"),
    (re.compile(r"ch|kh"), "h"),
    (re.compile(r"dh"), "d"),
    (re.compile(r"bh"), "b"),
    (re.compile(r"th"), "t"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"q"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"j"), "y"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def plain(text: str) -> str:
    """The words of a text in small letters without accents, parted by single blanks: "Ma'ruf  Al-Amîn" is "maruf al amin"."""
    small = unicodedata.normalize("NFKD", text).casefold()  # in this order: a sign may stand for capitals
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", small) if not unicodedata.combining(letter))
    return " ".join(_NO_LETTER.sub(" ", _APOSTROPHES.sub("", bare)).split())[:LONGEST_NAME].rstrip()


@lru_cache(maxsize=65_536)
def folded_word(word: str) -> str:
    """One plain word in the spelling that stands for all: "soekarno" and "sukarno" are both "sukarno"."""
    for written, instead in _SPELLINGS:
        word = written.sub(instead, word)
    return word


def folded(words: str) -> str:
    """Plain words, each folded."""
    return " ".join(folded_word(word) for word in words.split())


@lru_cache(maxsize=65_536)
def without_one_letter(word: str) -> frozenset[str]:
    """The word, and the word with each of its letters left out: two words share one of them whenever a letter is wrong, missing,
    too many, or two neighbours are swapped. (Garbe, SymSpell, 2012.)"""
    return frozenset({word, *(word[:place] + word[place + 1 :] for place in range(len(word)))})
