"""The library of scripts: which there are, which opens for a call, and what is wrong with them as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.draws import is_drawn
from core.errors import BadInput
from core.problem import Faults, Problem
from scripts.conditions import holds
from scripts.facts import Known
from scripts.model import Script
from scripts.script_file import ScriptText, read_script, text_of_file

SHIPPED_FOLDER = Path(__file__).with_name("library")
_NO_GENERAL = "There is no script for calls of every queue."
_ADD_GENERAL = "Have one script with neither `queues` nor `opens_when`."


@dataclass(frozen=True, slots=True)
class ScriptVersion:
    """A script with the number of its version; 0 for the one that Halo ships."""

    script: Script
    number: int = 0


@dataclass(frozen=True, slots=True)
class Tried:
    """A version that is tried beside the one in force, on `percent` of a hundred calls; `trial` is the number of the trial."""

    trial: int
    percent: int
    version: ScriptVersion


@dataclass(frozen=True, slots=True)
class Library:
    """Every script that may be opened now, by name; and the versions of them that are tried on some calls."""

    versions: tuple[ScriptVersion, ...]
    tried: tuple[Tried, ...] = ()

    def find(self, name: str) -> ScriptVersion | None:
        """The script of this name, or None."""
        return next((one for one in self.versions if one.script.name == name), None)

    def opening(self, queue: str, known: Known) -> ScriptVersion:
        """What opens by itself: of the scripts of this queue whose `opens_when` holds the one of the highest priority, else the
        queue's own without `opens_when`, else the one for every queue. Of equal ones the queue's own, then the first by name.

        Never fails: where all of that is missing, anything is better than nothing.
        """
        fitting = [one for one in self.candidates(queue) if one.script.opens_when and holds(one.script.opens_when, known)]
        return min(fitting or self.fallbacks(queue) or self.versions, key=_order)

    def candidates(self, queue: str) -> list[ScriptVersion]:
        """The scripts with `opens_when` for this queue, in the order in which the first that holds is opened."""
        return sorted((one for one in self.versions if one.script.opens_when and one.script.serves(queue)), key=_order)

    def for_call(self, version: ScriptVersion, interaction_id: str) -> ScriptVersion:
        """The version of a script that this call gets: that in force, or the one that is tried. Always the same for a call."""
        tried = next((one for one in self.tried if one.version.script.name == version.script.name), None)
        if tried is not None and is_drawn(f"script trial\n{tried.trial}\n{interaction_id}", tried.percent / 100):
            return tried.version
        return version

    def fallbacks(self, queue: str) -> list[ScriptVersion]:
        """What opens when nothing else does: the queue's own, else the one for every queue."""
        usual = [one for one in self.versions if one.script.opens_when is None]
        own = [one for one in usual if queue in one.script.queues]
        return own or [one for one in usual if not one.script.queues]

    def choices(self, queue: str) -> list[ScriptVersion]:
        """What an agent may open by hand, this queue's first."""
        return sorted(self.versions, key=lambda one: (queue not in one.script.queues, bool(one.script.queues), one.script.name))


def library_problems(texts: Sequence[ScriptText]) -> list[Problem]:
    """What is wrong with scripts as a whole: names given twice, and more or less than one that opens when no other does."""
    return [*_same_names(texts), *_fallbacks(texts)]


def new_problems(before: Sequence[ScriptText], changed: Mapping[str, ScriptText | None]) -> list[Problem]:
    """What becomes wrong with the scripts `before` as a whole when those of these names become others, or end (None): faults that
    were there already and lie elsewhere are nobody's who changes something else."""
    known = {(problem.place, problem.message) for problem in library_problems(before)}
    unchanged = [text for text in before if text.script.name not in changed]
    after = library_problems([*unchanged, *(text for text in changed.values() if text)])
    return [problem for problem in after if (problem.place, problem.message) not in known]


def _same_names(texts: Sequence[ScriptText]) -> Iterator[Problem]:
    first: dict[str, ScriptText] = {}
    for text in texts:
        other = first.setdefault(text.script.name, text)
        if other is not text:
            what = f"There is a script {text.script.name} already, in {other.source}."
            yield Problem(text.place("name"), what, "Give each a name of its own.")


def _fallbacks(texts: Sequence[ScriptText]) -> Iterator[Problem]:
    usual = [text for text in texts if text.script.opens_when is None]
    general = [text for text in usual if not text.script.queues]
    if texts and not general:
        yield Problem(f"{texts[0].source}, line 1", _NO_GENERAL, _ADD_GENERAL)
    for text in general[1:]:
        what = f"{general[0].source} opens for every queue already."
        yield Problem(text.place("name"), what, "Say in `queues` or `opens_when` where this one opens.")
    taken: dict[str, ScriptText] = {}
    for text in usual:
        for number, queue in enumerate(text.script.queues):
            other = taken.setdefault(queue, text)
            if other is not text:
                what = f"{other.source} opens for the queue {queue} already when no other does."
                yield Problem(text.place("queues", number), what, "Say in `opens_when` when this one opens.")


def read_folder(folder: Path) -> list[ScriptText]:
    """Every *.yaml in a folder, each checked. Raises Faults with all that is wrong, BadInput for a folder without scripts."""
    texts: list[ScriptText] = []
    problems: list[Problem] = []
    for file in yaml_files(folder):
        try:
            texts.append(read_script(text_of_file(file), file.name))
        except Faults as faults:
            problems += faults.problems
    if problems:
        raise Faults(problems, "Correct these places and try again.")
    return texts


def yaml_files(folder: Path) -> list[Path]:
    """The files with scripts in a folder. Raises BadInput when there is none."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise BadInput(f"There are no scripts in {folder}.", "Scripts are files that end in .yaml.")
    return files


def load_library(folder: Path = SHIPPED_FOLDER) -> Library:
    """The scripts in a folder. Raises Faults that names every problem at once, with file and line."""
    return Library(tuple(ScriptVersion(text.script) for text in whole_folder(folder)))


def whole_folder(folder: Path) -> list[ScriptText]:
    """The scripts in a folder that make a library. Raises as `load_library`."""
    texts = read_folder(folder)
    problems = library_problems(texts)
    if problems:
        raise Faults(problems, "Correct these places and try again.")
    return texts


@cache
def shipped_texts() -> tuple[ScriptText, ...]:
    """What Halo ships, read once."""
    return tuple(whole_folder(SHIPPED_FOLDER))


def _order(one: ScriptVersion) -> tuple[int, bool, str]:
    return -one.script.priority, not one.script.queues, one.script.name
