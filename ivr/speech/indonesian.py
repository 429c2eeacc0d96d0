"""How Indonesian words sound. Spelling says nearly everything; only the letter e has two sounds, and final k fades."""

from itertools import product

from ivr.speech.phones import Pronunciation

_SOUNDS = {
    "ng": "ng", "ny": "n y", "sy": "sh", "kh": "k", "ch": "ch",
    "a": "aa", "b": "b", "c": "ch", "d": "d", "f": "f", "g": "g", "h": "hh", "i": "iy", "j": "jh", "k": "k", "l": "l",
    "m": "m", "n": "n", "o": "ow", "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "u": "uw", "v": "f", "w": "w",
    "x": "k s", "y": "y", "z": "z",
}  # fmt: skip
_AT_THE_END = {"ai": "ay", "au": "aw", "oi": "oy"}
_SCHWA, _FULL_E = "ah", "eh"
# The prefixes whose e is always a schwa; it is the only sound offered there, so that long words keep few variants.
_SCHWA_PREFIXES = (
    "menge",
    "penge",
    "meng",
    "peng",
    "meny",
    "peny",
    "mem",
    "pem",
    "men",
    "pen",
    "ber",
    "ter",
    "per",
    "me",
    "pe",
    "ke",
    "se",
)
_MOST_VARIANTS = 6

# What the rule does not know: how people really say the words that every hotline asks for, and loan words.
_EXCEPTIONS = {
    "empat": ("ah m p aa t", "eh m p aa t", "m p aa t"),
    "enam": ("ah n aa m", "eh n aa m", "n aa m"),
    "delapan": ("d ah l aa p aa n", "d l aa p aa n"),
    "sembilan": ("s ah m b iy l aa n", "s eh m b iy l aa n"),
    "nol": ("n ow l", "n ao l"),
    "tujuh": ("t uw jh uw hh", "t uw jh uw"),
    "ya": ("y aa", "iy aa"),
    "iya": ("iy y aa", "iy aa"),
    "tidak": ("t iy d aa k", "t iy d aa"),
    "agen": ("aa g eh n", "aa g ah n"),
    "menu": ("m eh n uw", "m ah n uw"),
    "retur": ("r eh t uw r", "r ah t uw r"),
    "teknis": ("t eh k n iy s", "t eh k n ih s"),
    "bisnis": ("b iy s n iy s", "b ih s n ih s"),
    "lainnya": ("l aa iy n y aa", "l ay n y aa"),
    "internet": ("iy n t ah r n eh t", "ih n t er n eh t"),
    "email": ("iy m ey l", "iy m eh l"),
    "online": ("ow n l ay n", "aa n l ay n"),
    "promo": ("p r ow m ow",),
    "resi": ("r eh s iy",),
    "meter": ("m eh t ah r",),
    "rekening": ("r eh k ah n iy ng", "r ah k eh n iy ng"),
    "kredit": ("k r eh d iy t",),
    "debit": ("d eh b iy t",),
    "tema": ("t eh m aa",),
    "pesan": ("p ah s aa n",),
    "senin": ("s ah n iy n", "s eh n iy n"),
    "selasa": ("s ah l aa s aa",),
}


def indonesian(word: str) -> list[Pronunciation]:
    """The ways to say a word of small letters a to z, the likeliest first; [] when it holds anything else or no vowel."""
    if word in _EXCEPTIONS:
        return [tuple(said.split()) for said in _EXCEPTIONS[word]]
    if not word.isascii() or not word.isalpha() or not set("aeiouy") & set(word):
        return []
    sounds = _choices(word)
    said = [tuple(" ".join(choice).split()) for choice in product(*sounds)]
    return list(dict.fromkeys(said))[:_MOST_VARIANTS]


def _choices(word: str) -> list[tuple[str, ...]]:
    """For each letter (or pair) its possible sounds, the likelier first; "" is silent."""
    schwa_at = _schwa_places(word)
    choices: list[tuple[str, ...]] = []
    place, before = 0, ""
    while place < len(word):
        pair, letter = word[place : place + 2], word[place]
        if place + 2 == len(word) and pair in _AT_THE_END:
            choices.append((_AT_THE_END[pair],))
            place, before = place + 2, ""
        elif len(pair) == 2 and pair in _SOUNDS:
            choices.append((_SOUNDS[pair],))  # "ngg" is ng + g: the order of reading settles it
            place, before = place + 2, ""
        else:
            if letter != before or letter in "aeiou":  # a doubled consonant is said once
                choices.append(_letter(word, place, schwa_at))
            place, before = place + 1, letter
    return choices


def _letter(word: str, place: int, schwa_at: frozenset[int]) -> tuple[str, ...]:
    letter = word[place]
    if letter == "e":
        return (_SCHWA,) if place in schwa_at else (_SCHWA, _FULL_E)
    if letter == "k" and place == len(word) - 1:
        return ("k", "")
    if letter == "h" and place == len(word) - 1:
        return ("hh", "")
    return (_SOUNDS[letter],)


def _schwa_places(word: str) -> frozenset[int]:
    for prefix in _SCHWA_PREFIXES:
        # A prefix stands before a stem of two syllables: "pesan" and "kerja" begin with no prefix.
        if word.startswith(prefix) and sum(letter in "aeiou" for letter in word[len(prefix) :]) >= 2:
            return frozenset(at for at, letter in enumerate(prefix) if letter == "e")
    return frozenset()
