"""What is said in the recognition benchmark, by voices that no training heard. Voices that are not installed are left out."""

import random
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks import recorded_voice
from ivr.speech.english import english
from ivr.speech.phones import Pronunciation
from ivr.speech.pronunciation import DIGITS
from ivr.speech.training import engines
from ivr.speech.training.corpus import Samples
from ivr.speech.training.espeak_phones import espeak_phones
from ivr.speech.training.phrases import HOTLINE, NEVER_TRAINED, OUT_OF_GRAMMAR
from ivr.speech.training.voices import VOICES, Voice
from ivr.speech.training.waves import telephone_samples

STRINGS_PER_VOICE = 40
MENU_SIZE = 30
YES_OR_NO = {"en": ("yes", "no"), "id": ("ya", "tidak")}
ESPEAK_VOICES_TESTED = 3
# Diphones of human speakers from outside Debian main: their terms forbid training a product, not measuring it.
MBROLA = {"id": ("mb-id1",), "en": ("mb-us1", "mb-us2", "mb-en1")}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a voice said: `kind` is the grammar it is said to, `words` what is right ("" when nothing would be)."""

    language: str
    kind: str
    voice: str
    words: str
    samples: Samples


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice of the tests: takes words, gives what is heard."""

    name: str
    speak: Callable[[Sequence[str], random.Random], Samples]


def texts(language: str, seed: int) -> list[tuple[str, str]]:
    """(kind, words) of everything that each voice says in a language."""
    chance = random.Random(f"{seed} {language}")
    digits = DIGITS[language]
    strings = [" ".join(chance.choices(digits, k=3 + place * 13 // (STRINGS_PER_VOICE - 1))) for place in range(STRINGS_PER_VOICE)]
    return [
        *(("yes or no", words) for words in YES_OR_NO[language]),
        *(("digit", words) for words in digits),
        *(("menu", words) for words in HOTLINE[language][:MENU_SIZE]),
        *(("new words", words) for words in NEVER_TRAINED[language]),
        *(("digit string", words) for words in strings),
        *(("out of grammar", words) for words in OUT_OF_GRAMMAR[language]),
    ]


def say_all(language: str, voices: Sequence[Speaker], seed: int) -> Iterator[Said]:
    """Everything by every voice. What a voice can't say is left out."""
    for voice in voices:
        chance = random.Random(f"{seed} {voice.name}")
        for kind, words in texts(language, seed):
            samples = voice.speak(words.split(), chance)
            if len(samples):
                yield Said(language, kind, voice.name, words, samples)


def speakers(language: str) -> tuple[list[Speaker], list[str]]:
    """The voices that are installed, and the names of those that are not."""
    there, missing = [], []
    tested_espeak = 0
    for voice in (each for each in VOICES if each.held_out and language in each.languages):
        if voice.engine == "espeak" and tested_espeak == ESPEAK_VOICES_TESTED:
            continue
        tested_espeak += voice.engine == "espeak"
        name = f"{voice.engine} {voice.name}"
        if _works(voice, language):
            there.append(Speaker(name, partial(_SPEAK[voice.engine], voice, language)))
        else:
            missing.append(name)
    if language == "en":
        if recorded_voice.is_installed():
            there.append(Speaker(recorded_voice.NAME, recorded_voice.speak))
        else:
            missing.append(recorded_voice.NAME)
    for name in MBROLA[language]:
        speaker = Speaker(f"mbrola {name}", partial(_mbrola, name))
        if shutil.which("mbrola") and len(speaker.speak(["no"], random.Random(1))):
            there.append(speaker)
        else:
            missing.append(speaker.name)
    return there, missing


def _works(voice: Voice, language: str) -> bool:
    if not shutil.which({"espeak": "espeak-ng"}.get(voice.engine, voice.engine)):
        return False
    return len(_SPEAK[voice.engine](voice, language, ["no"], random.Random(1))) > 0


def _phones(words: Sequence[str], language: str) -> list[Pronunciation]:
    if language == "id":
        known = espeak_phones(words)
        return [known.get(word, ()) for word in words]
    return [next(iter(english(word)), ()) for word in words]


def _espeak(voice: Voice, language: str, words: Sequence[str], chance: random.Random) -> Samples:
    return engines.espeak(voice, language, words, chance)


def _flite(voice: Voice, language: str, words: Sequence[str], chance: random.Random) -> Samples:
    return engines.flite(voice, _phones(words, language), chance)


def _festival(voice: Voice, language: str, words: Sequence[str], chance: random.Random) -> Samples:
    phones = _phones(words, language)
    if not all(voice.can_say(word) for word in phones):
        return telephone_samples(b"")
    return engines.festival(voice, [phones], chance)[0]


_SPEAK = {"espeak": _espeak, "flite": _flite, "festival": _festival}


def _mbrola(name: str, words: Sequence[str], chance: random.Random) -> Samples:
    settings = ["-s", str(chance.randint(120, 180)), "-p", str(chance.randint(35, 65))]
    done = subprocess.run(["espeak-ng", "-v", name, *settings, "--stdout", " ".join(words)], capture_output=True, check=False)
    return telephone_samples(done.stdout)
