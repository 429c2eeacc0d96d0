"""From a prompt to a sound file: a recording where there is one, else synthesised once and kept."""

import hashlib
import os
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from core.errors import HaloError
from core.ids import new_id
from core.log import get_log
from ivr.catalogue import Catalogue, shipped_catalogue
from ivr.line import Prompt

SAMPLE_RATE_HZ = 8000
MOST_DYNAMIC_FILES = 5000
_KEPT_AT_LEAST_S = 600.0  # younger files may be about to be played
_CLEAN_EVERY = 200
_log = get_log(__name__)


class VoiceFailed(HaloError):
    """A sentence could not be made into sound."""

    code = "voice_failed"
    retryable = True


class Synthesizer(Protocol):
    """Speaks text into a file."""

    @property
    def name(self) -> str:
        """Engine, voices and settings: another name makes other files."""
        ...

    def speak(self, text: str, language: str, file: Path) -> None:
        """Write `text` to `file` as plain 16-bit PCM WAV, one channel, 8 kHz. Raises VoiceFailed."""
        ...


class Voice:
    """Finds or makes the sound of a prompt. Safe to use from many threads and processes on the same folders.

    `recorded_folder` holds `<language>/<key>.wav`, which replace sentences without fields. Synthesised ones are kept in
    `cache_folder`: `fixed/` for those, `dynamic/` for the rest, of which about `most_dynamic` are kept, the latest used.
    """

    def __init__(
        self,
        cache_folder: Path,
        recorded_folder: Path,
        synthesizer: Synthesizer,
        catalogue: Catalogue | None = None,
        most_dynamic: int = MOST_DYNAMIC_FILES,
    ) -> None:
        self._fixed_folder = cache_folder / "fixed"
        self._dynamic_folder = cache_folder / "dynamic"
        self._recorded_folder = recorded_folder
        self._synthesizer = synthesizer
        self._catalogue = catalogue or shipped_catalogue()
        self._most_dynamic = most_dynamic
        self._made = 0
        self._cleaning = threading.Lock()
        self._checked: dict[Path, tuple[int, bool]] = {}

    def file_for(self, prompt: Prompt) -> Path:
        """The WAV file to play, suffix included (Asterisk wants it without: `file.with_suffix("")`).

        Raises BadInput for a prompt that the catalogue does not have, VoiceFailed when it can't be spoken.
        """
        if prompt.recording is not None and self._is_usable(prompt.recording):
            return prompt.recording
        text = self._catalogue.text_of(prompt)
        fixed = not self._catalogue.changes(prompt)
        if fixed:
            recorded = self._recorded_folder / prompt.language / f"{prompt.key}.wav"
            if self._is_usable(recorded):
                return recorded
        name = hashlib.sha256(f"{self._synthesizer.name}|{prompt.language}|{text}".encode()).hexdigest()[:24]
        if fixed:
            return self._kept(text, prompt.language, self._fixed_folder / prompt.language / f"{prompt.key}-{name}.wav")
        file = self._dynamic_folder / f"{name}.wav"
        try:
            os.utime(file)  # in use: the last to be cleaned away
        except FileNotFoundError:
            self._kept(text, prompt.language, file)
            self._clean_now_and_then()
        return file

    def prepare_all(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Make every sentence without fields, so that no caller waits for one; returns how many there are.

        `progress` is told (done, all) after each. Can be broken off and run again: what is there is kept.
        """
        prompts = self._catalogue.fixed_prompts()
        for done, prompt in enumerate(prompts, start=1):
            self.file_for(prompt)
            if progress:
                progress(done, len(prompts))
        return len(prompts)

    def clean(self) -> int:
        """Remove the dynamic files that were not used for longest, and what broken-off work left; returns how many."""
        found: list[tuple[float, Path]] = []
        for file in self._dynamic_folder.glob("*"):
            try:
                found.append((file.stat().st_mtime, file))
            except FileNotFoundError:
                continue
        found.sort(reverse=True)
        newest = found[0][0] if found else 0.0
        kept = set([file for _, file in found if file.suffix == ".wav"][: self._most_dynamic])
        removed = 0
        for used_at, file in found:
            if file not in kept and newest - used_at > _KEPT_AT_LEAST_S:
                file.unlink(missing_ok=True)
                removed += 1
        return removed

    def _kept(self, text: str, language: str, file: Path) -> Path:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_name(f"{file.stem}.{new_id()}.part")
            try:
                self._synthesizer.speak(text, language, part)
                part.replace(file)  # whoever else makes it at the same time writes the same sound
            finally:
                part.unlink(missing_ok=True)
        return file

    def _clean_now_and_then(self) -> None:
        self._made += 1
        if self._made % _CLEAN_EVERY == 0 and self._cleaning.acquire(blocking=False):
            try:
                self.clean()
            finally:
                self._cleaning.release()

    def _is_usable(self, recorded: Path) -> bool:
        try:
            changed = recorded.stat().st_mtime_ns
        except FileNotFoundError:
            return False
        known = self._checked.get(recorded)
        if known is None or known[0] != changed:
            problem = recording_problem(recorded)
            if problem:
                _log.warning("recording_not_used", file=recorded.name, problem=problem)
            known = self._checked[recorded] = (changed, not problem)
        return known[1]


def recording_problem(file: Path) -> str:
    """Why Asterisk could not play this file; "" when it can."""
    try:
        with wave.open(str(file), "rb") as sound:
            shape = (sound.getnchannels(), sound.getsampwidth() * 8, sound.getframerate())
            frames = sound.getnframes()
    except (wave.Error, EOFError, OSError) as problem:
        return f"not a plain PCM WAV file ({problem})"
    if shape != (1, 16, SAMPLE_RATE_HZ):
        return f"{shape[0]} channel(s), {shape[1]} bit, {shape[2]} Hz instead of 1 channel, 16 bit, {SAMPLE_RATE_HZ} Hz"
    return "" if frames else "empty"
