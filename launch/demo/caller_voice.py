"""The voice of a caller: espeak-ng as somebody on a telephone, in another voice than Halo's own."""

import hashlib
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.errors import HaloError
from core.ids import new_id
from ivr.flow import Flow
from ivr.hearing import plain_words
from ivr.line import Prompt

_VOICES: Mapping[str, str] = {"id": "id", "en": "en-us"}
_SPEED_WPM = 150
_TIMEOUT_S = 10.0
_NO_CHOICE = {"id": "kereta berangkat dari stasiun jakarta", "en": "the train to the coast is leaving now"}
_MESSAGE = {
    "id": "Selamat siang, tolong telepon saya kembali tentang pesanan saya. Terima kasih banyak.",
    "en": "Hello, please call me back about the order that I placed last week. Thank you very much.",
}


class CallerVoice:
    """Speaks into files of a folder; the same words once only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def says(self, words: str, language: str) -> Path:
        """A WAV file (16-bit, one channel, 8 kHz) of somebody who says this once. Raises HaloError."""
        file = self._folder / f"{hashlib.sha256(f'{language} {words}'.encode()).hexdigest()[:16]}.wav"
        if not file.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            said, fresh = (file.with_suffix(f".{new_id()}.{part}") for part in ("said", "fresh"))
            _run(["espeak-ng", "-v", _VOICES[language], "-s", str(_SPEED_WPM), "-w", str(said), words])
            form = ["-r", "8000", "-b", "16", "-e", "signed-integer", "-c", "1", "-t", "wav"]
            _run(["sox", "-V1", "-t", "wav", str(said), *form, str(fresh), "norm", "-6", "pad", "0.2", "0.4"])
            said.unlink()
            fresh.replace(file)
        return file

    def mumbles(self, language: str) -> Path:
        """Clear speech that no menu knows."""
        return self.says(_NO_CHOICE[language], language)

    def leaves_message(self, language: str) -> Path:
        """A message of a few seconds."""
        return self.says(_MESSAGE[language], language)


def language_of(words: str, flow: Flow, asked: Prompt) -> str:
    """The language of what a caller says: of the flow's phrase that it is, else of the question."""
    said = plain_words(words)
    choices = [choice.phrases for menu in flow.menus.values() for choice in menu.choices]
    for phrases in (flow.person_phrases, flow.repeat_phrases, *choices):
        for language, known in phrases.items():
            if said in map(plain_words, known):
                return language
    return asked.language


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise HaloError(f"{command[0]} could not speak for the caller: {done.stderr.strip()}.", "Run ./halo doctor.")
