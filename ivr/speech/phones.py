"""The phones that the speech model tells apart: the CMU dictionary's 39, used for both languages, and silence."""

SILENCE = "SIL"
_ALL = "aa ae ah ao aw ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw v w y z zh"
_VOWELS = "aa ae ah ao aw ay eh er ey ih iy ow oy uh uw"
PHONES = tuple(_ALL.split())
VOWELS = frozenset(_VOWELS.split())

Pronunciation = tuple[str, ...]
"""One way to say a word: its phones in order, never empty."""
