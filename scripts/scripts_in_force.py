"""The scripts in force, as every desk process finds them: what was published, and beside it what Halo ships."""

import threading
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.database import Database
from core.errors import HaloError
from core.log import get_log
from scripts.library import Library, ScriptVersion, Tried, shipped_texts
from scripts.model import Script
from scripts.script_file import ScriptText, read_script
from scripts.script_trials import running_trials
from scripts.script_versions import ScriptPublication, all_in_force, newest_id, publications_of

_MOST_OLD = 200
_log = get_log(__name__)


class ScriptsInForce:
    """Looks which publication is the newest (by index), and reads each only once; thread-safe.

    When the database does not answer, it goes on with what it had; a script that this release can't read is left out, and the
    shipped one of its name stands in.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._id: int | None = None
        self._library = library_of(shipped_texts())
        self._old: dict[tuple[str, int], Script | None] = {}
        self._lock = threading.Lock()

    def current(self) -> Library:
        """The library now: the same object until something is published. Never fails."""
        with self._lock:
            try:
                with self._database.reading() as session:
                    newest = newest_id(session)
                    if newest is not None and newest != self._id:
                        library = library_of(_readable(all_in_force(session)))
                        self._library, self._id = Library(library.versions, tuple(_tried(session))), newest
            except (HaloError, SQLAlchemyError) as problem:
                _log.warning("scripts_not_read", why=type(problem).__name__)
            return self._library

    def version(self, name: str, number: int) -> Script | None:
        """This version of a script, in force or not: what a running call goes on with. None when it can't be found or read."""
        library = self._library
        for found in (*library.versions, *(one.version for one in library.tried)):
            if found.script.name == name and found.number == number:
                return found.script
        if number == 0:
            return next((text.script for text in shipped_texts() if text.script.name == name), None)
        with self._lock:
            key = (name, number)
            if key not in self._old:
                if len(self._old) >= _MOST_OLD:
                    self._old.clear()
                try:
                    with self._database.reading() as session:
                        content = publications_of(name).text_of(session, number).content
                    self._old[key] = read_script(content, _source(name, number)).script
                except HaloError as problem:
                    _log.warning("script_version_not_read", script=name, number=number, why=problem.code)
                    self._old[key] = None
                except SQLAlchemyError as problem:
                    _log.warning("script_version_not_read", script=name, number=number, why=type(problem).__name__)
                    return None
            return self._old[key]


def texts_in_force(session: Session) -> list[tuple[ScriptText, int]]:
    """Every script in force with its number; what can't be read any more is left out."""
    return _readable(all_in_force(session))


def library_of(texts: Iterable[ScriptText | tuple[ScriptText, int]]) -> Library:
    """The library that these texts make."""
    numbered = (text if isinstance(text, tuple) else (text, 0) for text in texts)
    return Library(tuple(ScriptVersion(text.script, number) for text, number in numbered))


def _readable(rows: Sequence[ScriptPublication]) -> list[tuple[ScriptText, int]]:
    found = {text.script.name: (text, 0) for text in shipped_texts()}
    for row in rows:
        if row.number:
            try:
                found[row.name] = (read_script(row.content, _source(row.name, row.number)), row.number)
            except HaloError as problem:
                _log.warning("script_not_read", script=row.name, number=row.number, why=problem.code)
    return list(found.values())


def _tried(session: Session) -> Iterator[Tried]:
    """The versions that are tried now; what this release can't read is tried by nobody."""
    for trial in running_trials(session):
        try:
            text = publications_of(trial.script).text_of(session, trial.tried).content
            version = ScriptVersion(read_script(text, _source(trial.script, trial.tried)).script, trial.tried)
            yield Tried(trial.id, trial.percent, version)
        except HaloError as problem:
            _log.warning("tried_script_not_read", script=trial.script, number=trial.tried, why=problem.code)


def _source(name: str, number: int) -> str:
    return f"script {name} version {number}"
