"""Puts scripts in force, or on trial: checked first, each alone and all together, then kept, and only then told."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Database
from core.errors import BadInput, HaloError, NotFound
from core.events import Event, EventKind
from core.log import get_log
from core.problem import Faults, Problem
from core.published_texts import How
from scripts.checks import Surroundings, script_faults
from scripts.library import new_problems, shipped_texts
from scripts.script_file import ScriptText, read_script
from scripts.script_trials import LEAST_PERCENT, MOST_PERCENT, begin_trial, running_trial
from scripts.script_versions import ScriptPublication, publications_of
from scripts.scripts_in_force import texts_in_force

LookAround = Callable[[], Surroundings]
_OPENS_OTHERWISE = "A version that is tried must open as the one in force does; its `{part}` differs."
_NOTHING_DONE = "Nothing was published. Correct the script and try again."
_log = get_log(__name__)


class ScriptOvertaken(HaloError):
    """Another version of the script came into force since the one that somebody had before them."""

    code = "script_overtaken"


class TrialUnderWay(HaloError):
    """Two versions of the script are compared: another one would spoil the comparison."""

    code = "trial_under_way"


class ScriptPublisher:
    """Publishes, brings back and tries. `look_around` tells what a script must go with, `tell` reaches all processes.

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
                self._untried(session, text.script.name, text.text)
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
            text = self._text_of(session, name, number)
            if text is None and of.id_in_force(session) is None:
                raise NotFound(f"There is no script {name}.", "See ./halo scripts versions.")
            self._untried(session, name)
            row = self._put(session, name, number, text, now, by, How.ROLLED_BACK)
            session.commit()
        self._told(row, by)
        return number

    def begin_trial(self, text: ScriptText, percent: int, by: str, note: str = "", based_on: int | None = None) -> int:
        """Put a version on `percent` of a hundred calls, beside the one in force; returns its number.

        It opens when the one in force does: only what is said may differ. Raises as `publish`, TrialUnderWay when there is one
        already, BadInput for a share that is too small or too large and for a script of which nothing is in force.
        """
        if not LEAST_PERCENT <= percent <= MOST_PERCENT:
            raise BadInput(f"A version is tried on {LEAST_PERCENT} to {MOST_PERCENT} of 100 calls.", "Choose another share.")
        self._check([text])
        name, now = text.script.name, self._clock.now()
        with self._writing() as session:
            self._overtaken(session, text, based_on)
            usual = next((one for one in texts_in_force(session) if one[0].script.name == name), None)
            if usual is None:
                raise BadInput(f"No script {name} is in force to compare it with.", "Publish it for all calls.")
            self._comparable(text, usual[0])
            row = publications_of(name).try_out(session, text.text, now, by, note)
            if not begin_trial(session, name, usual[1], row.number, percent, by, now):
                raise _under_way(name)
            session.commit()
        self._told(row, by)
        return row.number

    def end_trial(self, name: str, number: int, by: str) -> int:
        """Take one of the two versions that are compared for all calls from now on; returns its number.

        Raises NotFound when no trial runs, BadInput for a version that is neither of the two, Faults when it no longer goes with
        the other scripts and the queues. Calls that have begun keep theirs.
        """
        now = self._clock.now()
        with self._writing() as session:
            trial = running_trial(session, name, lock=True)
            if trial is None:
                raise NotFound(f"No version of the script {name} is tried.", "See ./halo scripts trials.")
            if number not in (trial.usual, trial.tried):
                raise BadInput(f"Version {number} is none of the two.", f"Take {trial.usual} or {trial.tried}.")
            row = self._put(session, name, number, self._text_of(session, name, number), now, by, How.CHOSEN)
            trial.ended_at, trial.ended_by, trial.chosen = now, by, number
            session.commit()
        self._told(row, by)
        return number

    @staticmethod
    def _text_of(session: Session, name: str, number: int) -> ScriptText | None:
        """The text of a version; of 0 what Halo ships, None when it ships none of this name."""
        if not number:
            return next((shipped for shipped in shipped_texts() if shipped.script.name == name), None)
        return read_script(publications_of(name).text_of(session, number).content, f"script {name} version {number}")

    def _put(
        self, session: Session, name: str, number: int, text: ScriptText | None, now: datetime, by: str, how: How
    ) -> ScriptPublication:  # fmt: skip
        """Put a version that there is in force, when it still goes with everything else."""
        self._check([text] if text else [])
        self._whole(session, {name: text})
        of = publications_of(name)
        return of.bring_back(session, number, now, by, how) if number else of.end(session, now, by, how)

    @staticmethod
    def _untried(session: Session, name: str, text: str = "") -> None:
        """Raises TrialUnderWay where a trial runs, unless the text is that in force."""
        current = publications_of(name).in_force(session)
        if running_trial(session, name) is not None and (current is None or not text or current.content != text):
            raise _under_way(name)

    @staticmethod
    def _comparable(text: ScriptText, usual: ScriptText) -> None:
        """Two versions are compared by the same calls: both must open for the same ones, and say something else."""
        script, other = text.script, usual.script
        faults = [
            Problem(text.place(part), _OPENS_OTHERWISE.format(part=part), "Write it as in the version in force.")
            for part in ("queues", "opens_when", "priority")
            if getattr(script, part) != getattr(other, part)
        ]
        if script == other:
            faults.append(Problem(text.place("name"), "It says the same as the version in force.", "Change what is to be tried."))
        if faults:
            raise Faults(faults, _NOTHING_DONE)

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
        new = new_problems([text for text, _number in texts_in_force(session)], changed)
        if new:
            raise Faults(new, _NOTHING_DONE)

    def _told(self, row: ScriptPublication, by: str) -> None:
        _log.info("script_in_force", script=row.name, number=row.number, how=row.how)
        data = {"script": row.name, "number": row.number, "how": row.how, "by": by}
        self._tell(Event(EventKind.SCRIPT_PUBLISHED, self._clock.now(), data=data))


def _under_way(name: str) -> TrialUnderWay:
    what = f"Two versions of the script {name} are being compared."
    return TrialUnderWay(what, f"End that first: ./halo scripts choose {name} NUMBER, or on its page.")
