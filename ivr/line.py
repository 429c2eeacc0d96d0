"""The narrow view a flow has of a caller: say, ask for keys, note what happened. Adapters live elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class HungUp(Exception):
    """The caller is gone; raised by any method of a line. A result, not an error: the runner turns it into CallerGone."""


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
    """A sentence to speak: `key` names it in the catalogue of `language`, `values` fill its fields with spoken words."""

    key: str
    language: str
    values: Mapping[str, str] = field(default_factory=dict)


class CallerLine(Protocol):
    """One caller on the line. Every method raises HungUp when the caller is gone."""

    @property
    def call(self) -> InboundCall:
        """Who called which number."""
        ...

    def say(self, *prompts: Prompt) -> None:
        """Speak the prompts one after the other, to their end."""
        ...

    def ask_keys(self, *prompts: Prompt, most: int = 1, wait_s: float = 5.0) -> str:
        """Speak the prompts, stop at the first key, and return the keys pressed ("" for none).

        Ends after `most` keys, at "#" (not returned), or `wait_s` after the last key or the end of the prompt.
        """
        ...

    def note(self, step: str, detail: str = "") -> None:
        """Record what the caller does: `step` is a short stable name ("bill"), `detail` must hold no key that was typed."""
        ...

    def identified(self, customer_id: int | None, language: str) -> None:
        """Record who is calling and in which language."""
        ...
