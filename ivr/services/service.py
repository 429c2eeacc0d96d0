"""A service: something that a flow's choice `does` for the caller, read from top to bottom."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from ivr.outcome import Outcome
from ivr.telling import AGAIN, TEXT_ME, Answer, tell
from ivr.visit import Chosen, Visit


class Next(StrEnum):
    """How a call goes on after a service, when it does not end with it."""

    MAIN_MENU = "main_menu"
    GOODBYE = "goodbye"


AFTER_TELL = "after_tell"  # the menu after an answer that has none of its own; a flow that tells anything has it
Step = Next | Chosen | Outcome
AFTER_ANSWER = frozenset({AGAIN, TEXT_ME, *Next})  # what every menu that follows an answer understands


class Service(Protocol):
    """One service. `name` is what a flow calls it; `menus` are the menus that it asks, each with the choices it understands.

    A choice of such a menu that leads on by itself (`menu`, `does` …) is the flow's own, and the service gives it back.
    """

    @property
    def name(self) -> str: ...

    @property
    def menus(self) -> Mapping[str, frozenset[str]]: ...

    def run(self, visit: Visit) -> Step:
        """Serve the caller. Key 0 (PersonWanted), a hang-up and a dead back end are left to the runner."""
        ...


def go_on(chosen: Chosen) -> Step:
    """Where a choice leads that is not the service's own."""
    return chosen if chosen.choice.leads_on else Next(chosen.choice.name)


def tell_and_go_on(visit: Visit, answer: Answer, after: str) -> Step:
    """Tell something, and go where the caller chooses to."""
    return go_on(tell(visit, answer, after))
