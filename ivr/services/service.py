"""A service: something that a flow's choice `does` for the caller, read from top to bottom."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from ivr.outcome import Outcome
from ivr.visit import Visit


class Next(StrEnum):
    """How a call goes on after a service, when it does not end with it."""

    MAIN_MENU = "main_menu"
    GOODBYE = "goodbye"


class Service(Protocol):
    """One service. `name` is what a flow calls it; `menus` are the menus that it asks, each with the choices it understands."""

    @property
    def name(self) -> str: ...

    @property
    def menus(self) -> Mapping[str, frozenset[str]]: ...

    def run(self, visit: Visit) -> Next | Outcome:
        """Serve the caller. Key 0 (PersonWanted), a hang-up and a dead back end are left to the runner."""
        ...
