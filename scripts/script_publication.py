"""Puts scripts in force: checked first, each alone and all together, then kept, and only then told."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Database
from core.errors import HaloError, NotFound
from core.events import Event, EventKind
from core.log import get_log
from core.problem import Faults, Problem
from scripts.checks import Surroundings, script_faults
from scripts.library import library_problems, shipped_texts
from scripts.script_file import ScriptText, read_script
from scripts.script_versions import ScriptPublication, publications_of
from scripts.scripts_in_force import texts_in_force

LookAround = Callable[[], Surroundings]
_NOTHING_DONE = "Nothing was published. Correct the script and try again."
_log = get_log(__name__)


class ScriptOvertaken(HaloError):
    """Another version of the script came into force since the one that somebody had before them."""

    code = "script_overtaken"


class ScriptPublisher:
    """Publishes and brings back. `look_around` tells what a script must go with, `tell` reaches all processes.

    Who dies between keeping and telling loses nothing: every desk looks by itself which version is the newest.
    """

    def __init__(self, database: Database, clock: Clock, look_around: LookAround, tell: Callable[[Event], object]) -> None:
        self._database, self._clock, self._look_around, self._tell = database, clock, look_around, tell

    def publish(self, texts: Sequence[ScriptText], by: str, note: str = "", based_on: int | None = None) -> dict[str, int]:
        """Check scripts and put them in force together for every call that comes; returns the number of each by its name.

        `based_on` is the number in force that the author of a single one knew of (0: none). Raises Faults that names every
        serious problem with its line, ScriptOvertaken when another version came into force since, that says something else.
        """
        self._check(texts)
        now = self._clock.now()
        with self._writing() as session:
            for text in texts:
                self._overtaken(session, text, based_on)
            self._whole(session, {text.script.name: text for text in texts})
            rows = [publications_of(text.script.name).put_in_force(session, text.text, now, by, note) for text in texts]
            session.commit()
        for row in rows:
            self._told(row, by)
        return {row.name: row.number for row in rows}

    def roll_back(self, name: str, number: int, by: str) -> int:
        """Put an earlier version in force again, with 0 what Halo ships, if it ships one; returns the number.

        Raises NotFound, and Faults when it no longer goes with the other scripts and the queues.
        """
        now = self._clock.now()
        with self._writing() as session:
            of = publications_of(name)
            if number:
                text: ScriptText | None = read_script(of.text_of(session, number).content, f"script {name} version {number}")
            else:
                text = next((shipped for shipped in shipped_texts() if shipped.script.name == name), None)
                if text is None and of.id_in_force(session) is None:
                    raise NotFound(f"There is no script {name}.", "See ./halo scripts versions.")
            self._check([text] if text else [])
            self._whole(session, {name: text})
            row = of.bring_back(session, number, now, by) if number else of.end(session, now, by)
            session.commit()
        self._told(row, by)
        return number

    def _writing(self) -> AbstractContextManager[Session]:
        return self._database.writing()

    def _check(self, texts: Sequence[ScriptText]) -> None:
        around = self._look_around()
        serious = [text.problem(fault) for text in texts for fault in script_faults(text.script, around) if fault.serious]
        if serious:
            raise Faults(serious, _NOTHING_DONE)

    @staticmethod
    def _overtaken(session: Session, text: ScriptText, based_on: int | None) -> None:
        current = publications_of(text.script.name).in_force(session, lock=True)
        known = based_on is None or (current.number if current else 0) == based_on
        if not known and (current is None or current.content != text.text):
            raise ScriptOvertaken("Another version came into force meanwhile.", "Look at what it changes, then publish again.")

    @staticmethod
    def _whole(session: Session, changed: dict[str, ScriptText | None]) -> None:
        """The library with the changes: faults that were there before and lie elsewhere keep nobody from publishing."""
        before = [text for text, _number in texts_in_force(session)]
        unchanged = [text for text in before if text.script.name not in changed]
        known = {_said(problem) for problem in library_problems(before)}
        after = library_problems([*unchanged, *(text for text in changed.values() if text)])
        new = [problem for problem in after if _said(problem) not in known]
        if new:
            raise Faults(new, _NOTHING_DONE)

    def _told(self, row: ScriptPublication, by: str) -> None:
        _log.info("script_in_force", script=row.name, number=row.number, how=row.how)
        data = {"script": row.name, "number": row.number, "how": row.how, "by": by}
        self._tell(Event(EventKind.SCRIPT_PUBLISHED, self._clock.now(), data=data))


def _said(problem: Problem) -> tuple[str, str]:
    return problem.place, problem.message
