"""Where a conversation stands in a script, as it is kept: in one line of JSON, by interaction."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from scripts.model import Script


@dataclass(frozen=True, slots=True)
class Taken:
    """One step on the way: the page, its answer in the form that is kept, and the agent who gave it."""

    page: str
    answer: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """The page open now in this version of this script (0: the one that Halo ships), and the way to it, oldest first.

    `moves` counts every step and every way back. `undone` are the steps that were gone back behind, one for each page: nothing goes
    by them any more, but a page that is opened again comes with its answer.
    """

    script: str
    version: int
    page: str
    taken: tuple[Taken, ...] = ()
    moves: int = 0
    undone: tuple[Taken, ...] = ()

    def before(self) -> Taken | None:
        """What was answered on the open page before somebody went back to it."""
        return next((one for one in self.undone if one.page == self.page), None)

    def to_json(self) -> str:
        """One line of JSON, for `read_progress`."""
        return json.dumps(asdict(self), separators=(",", ":"))


def read_progress(text: str) -> Progress | None:
    """The progress written by `to_json`, of this or another release; None for anything else."""
    try:
        body: Any = json.loads(text)
        script, version, page = str(body["script"]), int(body["version"]), str(body["page"])
        return Progress(script, version, page, _steps(body["taken"]), int(body["moves"]), _steps(body.get("undone", [])))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _steps(body: Any) -> tuple[Taken, ...]:
    return tuple(Taken(str(one["page"]), str(one["answer"]), str(one["agent"])) for one in body)


def stands_in(progress: Progress, script: Script) -> bool:
    """Whether every page of the progress is one of the script's."""
    pages = (progress.page, *(one.page for one in progress.taken))
    return progress.script == script.name and all(script.page(name) for name in pages)


@dataclass(frozen=True, slots=True)
class Kept:
    """The progress of every script that was opened in an interaction; the last one is open now. `changes` counts how often an
    agent has opened another one."""

    scripts: tuple[Progress, ...]
    changes: int = 0

    @property
    def now(self) -> Progress:
        """That of the open script."""
        return self.scripts[-1]

    def find(self, script: str) -> Progress | None:
        """That of a script that was opened before, or is now."""
        return next((one for one in self.scripts if one.script == script), None)

    def moved(self, progress: Progress) -> "Kept":
        """This script is open, and stands so."""
        others = tuple(one for one in self.scripts if one.script != progress.script)
        return Kept((*others, progress), self.changes)

    def changed(self, progress: Progress) -> "Kept":
        """The same, opened by hand."""
        return Kept(self.moved(progress).scripts, self.changes + 1)

    def to_json(self) -> str:
        """One line of JSON, for `read_kept`."""
        return json.dumps({"changes": self.changes, "scripts": [one.to_json() for one in self.scripts]}, separators=(",", ":"))


def read_kept(text: str) -> Kept | None:
    """What `to_json` wrote; None for anything else."""
    try:
        body: Any = json.loads(text)
        scripts = [read_progress(one) for one in body["scripts"]]
        whole = tuple(one for one in scripts if one is not None)
        return Kept(whole, int(body["changes"])) if whole else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
