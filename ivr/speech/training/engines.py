"""The synthesisers: each speaks what it is given and hands back 8 kHz samples."""

import random
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ivr.speech.phones import SILENCE, VOWELS, Pronunciation
from ivr.speech.training.corpus import Samples
from ivr.speech.training.voices import ESPEAK_ACCENTS, Voice
from ivr.speech.training.waves import telephone_samples

Phrase = Sequence[Pronunciation]
"""The phones of each word; an empty word stands for a pause."""

_MISSING = re.compile(r"missing|default diphone", re.IGNORECASE)
_LENGTH_S = {"p": 0.085, "t": 0.08, "k": 0.085, "b": 0.07, "d": 0.06, "g": 0.065, "s": 0.105, "sh": 0.1, "f": 0.09, "hh": 0.065}


def espeak(voice: Voice, language: str, words: Sequence[str], chance: random.Random) -> Samples:
    """Words read by espeak-ng at some rate and pitch."""
    accent = chance.choice(ESPEAK_ACCENTS[language])
    arguments = ["-v", f"{accent}+{voice.name}", "-s", str(chance.randint(105, 230)), "-p", str(chance.randint(15, 85))]
    text = " ".join(words).replace(" ,", ",")
    done = subprocess.run(["espeak-ng", *arguments, "--stdout", text], capture_output=True, check=True)
    return telephone_samples(done.stdout)


def flite(voice: Voice, phrase: Phrase, chance: random.Random) -> Samples:
    """Phones spoken by flite with its own prosody."""
    assert voice.says is not None
    pause = voice.says[SILENCE]
    phones = " ".join(" ".join(_flite_phone(phone, chance) for phone in word) or pause for word in phrase)
    settings = ["--setf", f"duration_stretch={chance.uniform(0.72, 1.35):.2f}"]
    if voice.name == "kal16":
        settings += ["--setf", f"int_f0_target_mean={chance.randint(80, 180)}"]
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        command = ["flite", "-voice", voice.name, *settings, "-p", f"{pause} {phones} {pause}", "-o", file.name]
        subprocess.run(command, capture_output=True, check=True)
        return telephone_samples(Path(file.name).read_bytes())


def festival(voice: Voice, phrases: Sequence[Phrase], chance: random.Random) -> list[Samples]:
    """Phones spoken by festival's diphone voices, with lengths and pitch of our own: one process for many phrases.

    A phrase with a sequence of sounds that the voice was never recorded with comes back empty.
    """
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"(voice_{voice.name})"]
        for place, phrase in enumerate(phrases):
            segments = " ".join(_segments(voice, phrase, chance))
            lines.append(f'(format stderr "phrase {place}\\n")')
            lines.append(f"(set! u (Utterance Segments ({segments})))(utt.synth u)")
            lines.append(f'(utt.save.wave u "{folder}/{place}.wav" (quote riff))')
        script = Path(folder, "phrases.scm")
        script.write_text("\n".join(lines) + "\n", encoding="ascii")
        done = subprocess.run(["festival", "-b", str(script)], capture_output=True, text=True, errors="replace", check=False)
        bad = {int(part.split("\n")[0]) for part in done.stderr.split("phrase ")[1:] if _MISSING.search(part)}
        files = [Path(folder, f"{place}.wav") for place in range(len(phrases))]
        return [
            telephone_samples(file.read_bytes() if place not in bad and file.exists() else b"") for place, file in enumerate(files)
        ]


def _flite_phone(phone: str, chance: random.Random) -> str:
    return "ax" if phone == "ah" and chance.random() < 0.6 else phone


def _segments(voice: Voice, phrase: Phrase, chance: random.Random) -> list[str]:
    """Each sound with its length and, on vowels, a pitch: falling over the phrase, raised here and there."""
    assert voice.says is not None
    silence = voice.says[SILENCE]
    stretch, middle_hz = chance.uniform(0.75, 1.35), voice.pitch_hz * chance.uniform(0.75, 1.35)
    sounds: list[tuple[str, str]] = [(silence, SILENCE)]
    for word in phrase:
        sounds += [(sound, phone) for phone in word for sound in voice.says[phone].split()] or [(silence, SILENCE)]
    sounds.append((silence, SILENCE))
    segments = []
    for place, (sound, phone) in enumerate(sounds):
        left = 1 - place / len(sounds)
        length_s = (0.09 if phone in VOWELS else _LENGTH_S.get(phone, 0.07)) * stretch * chance.uniform(0.75, 1.3)
        if phone == SILENCE:
            length_s = chance.uniform(0.08, 0.35)
        elif place >= len(sounds) - 3:
            length_s *= 1.35  # the last syllable is drawn out
        pitch_hz = middle_hz * (0.85 + 0.3 * left) * chance.uniform(0.94, 1.08)
        target = f" ({length_s / 2:.3f} {pitch_hz:.0f})" if phone in VOWELS or phone == SILENCE else ""
        segments.append(f"({sound} {length_s:.3f}{target})")
    return segments
