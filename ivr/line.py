"""The narrow view a flow has of a caller: say, ask by key and voice, note what happened. Adapters live elsewhere."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ivr.outcome import RouteTo


@dataclass(frozen=True, slots=True)
class Recording:
    """What a caller said: a plain 16-bit WAV `file` at 8 kHz, and how long it is."""

    file: Path
    length_s: float


class HungUp(Exception):
    """The caller is gone; raised by any method of a line. A result, not an error: the runner turns it into CallerGone.

    `recording` is what they had said until then, when they were gone while they were being recorded.
    """

    def __init__(self, recording: Recording | None = None) -> None:
        super().__init__()
        self.recording = recording


@dataclass(frozen=True, slots=True)
class InboundCall:
    """A call as it arrives. `ani` is E.164 or "" when withheld or unreadable; `language` is set when an earlier try knew it."""

    interaction_id: str
    ani: str
    dnis: str
    channel: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A sentence to speak, in one language. `values` fill its fields with spoken words.

    `key` names it in the catalogue; a sentence of a published flow brings its own words in `text`, and `key` then only
    names the recording that may replace it. `recording` is a sound file of its own, heard instead of the words wherever it
    can be played.
    """

    key: str
    language: str
    values: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    recording: Path | None = None


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a caller may say at one question: `phrases` of all languages, and strings of spoken digits when `digits`.

    `length` is how many digits such a string has, 0 when that is not known: whoever has said as many is not waited for.
    `form` names the NumberForm of the numbers that may be said, "" for any digits.
    `name` is unique inside the speech set (the word graph compiled from one published version of the flows) that
    `speech_set` names.
    """

    name: str
    speech_set: str
    phrases: tuple[str, ...]
    digits: bool = False
    length: int = 0
    form: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a caller answered: keys, or words, or neither.

    `keys` is what was pressed. `words` is what was said, as the recogniser wrote it ("" when nothing was understood);
    `confidence` is 0 to 1. `spoke` tells speech that was not understood from silence.
    """

    keys: str = ""
    words: str = ""
    confidence: float = 0.0
    spoke: bool = False


class CallerLine(Protocol):
    """One caller on the line. Every method raises HungUp when the caller is gone."""

    @property
    def call(self) -> InboundCall:
        """Who called which number."""
        ...

    def say(self, *prompts: Prompt) -> None:
        """Speak the prompts one after the other, to their end. Keys pressed until then are forgotten."""
        ...

    def keep_company(self, prompt: Prompt) -> None:
        """Speak while something is looked up. Keys pressed until then are not forgotten: they answer the next question."""
        ...

    def ask_keys(self, *prompts: Prompt, most: int = 1, wait_s: float = 5.0) -> str:
        """Speak the prompts, stop at the first key, and return the keys pressed ("" for none).

        Ends after `most` keys, at "#" (not returned), or `wait_s` after the last key or the end of the prompt. Keys pressed since
        the question before, and those that it left over, come first: then less of the prompts is heard, or nothing.
        """
        ...

    def ask(self, *prompts: Prompt, grammar: Grammar, most: int = 1, wait_s: float = 5.0) -> Heard:
        """As ask_keys, but the caller may also speak, over the prompts too. Where nobody listens it asks by key alone."""
        ...

    def record(self, *prompts: Prompt, most_s: float, silence_s: float) -> Recording | None:
        """Speak the prompts, sound a tone, and record the caller until a key, `silence_s` of silence, or `most_s`.

        None when nothing was said. The file is the caller's of this method to keep or to delete.
        """
        ...

    def stand_in_line(self, wish: RouteTo, *words: Prompt) -> None:
        """From now on somebody is looked for, while the caller hears `words`, and whatever they must know before anybody takes
        them. Once in a call: a second time only the words are heard.
        """
        ...

    def private(self) -> AbstractContextManager[None]:
        """While inside, no recording of the call goes on: for card numbers and PINs. Raises Unavailable when that is not sure.

        A block inside another one is part of it: recording goes on after the outermost alone.
        """
        ...

    def entered(self, flow: str, version: int, menu: str = "") -> None:
        """Record which version of which flow the caller goes through; once more with the menu with which it begins for them,
        as soon as that is known."""
        ...

    def note(self, step: str, detail: str = "") -> None:
        """Record what the caller does: `step` is a short stable name ("bill"), `detail` must hold no key that was typed."""
        ...

    def identified(self, customer_id: int | None, language: str) -> None:
        """Record who is calling and in which language."""
        ...
