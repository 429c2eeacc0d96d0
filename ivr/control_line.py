"""The control line: a supervisor calls, proves who it is, and closes the lines with a message of their own, or reopens them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.clock import Clock
from core.database import Database
from core.errors import BadInput, Unavailable
from core.log import get_log
from crm.pins import LENGTH
from ivr.closing_recording import LONGEST_S, keep_recording
from ivr.closings import EVERY_SCHEDULE, By, Message, Way, close_line, in_force, reopen
from ivr.control_pins import NUMBER_LENGTH, Controller, identify_controller
from ivr.hours_answer import hours_answer
from ivr.hours_now import Hours
from ivr.line import CallerLine, HungUp, Prompt, Recording
from ivr.spoken import LANGUAGES, spoken_number

MOST_TRIES = 3
MOST_QUESTIONS = 40  # a stuck key goes round and round
_MOST_SCHEDULES = 7  # keys 2 to 8
_WAIT_S = 6.0
_SILENCE_S = 4.0
CANCEL, CLOSE, REPEAT, STANDARD = "*", "1", "2", "3"
_log = get_log(__name__)
MayClose = Callable[[Session, str], bool]  # whether the account with this log-in may close and reopen, as things stand now


class _NoLongerAllowed(Exception):
    """The account is gone, or its role is another one by now."""


class ControlLine:
    """Runs one call after the other, each in its own thread.

    A PIN alone is not enough: `may_close` says whether the account still may, when the caller comes and before each change.
    """

    def __init__(self, home: Path, database: Database, hours: Hours, clock: Clock, time_zone: str, may_close: MayClose) -> None:
        self._home, self._database, self._hours, self._clock = home, database, hours, clock
        self._zone, self._may_close = ZoneInfo(time_zone), may_close

    def run(self, line: CallerLine) -> None:
        """Serve the caller until they hang up, say nothing, or fail to prove who they are. A hang-up changes nothing."""
        try:
            controller = self._identify(line)
            if controller is not None:
                _Visit(line, controller, self._home, self._database, self._hours, self._now, self._may_close).serve()
            line.say(Prompt("goodbye", controller.language if controller else LANGUAGES[0]))
        except HungUp as gone:
            if gone.recording is not None:
                gone.recording.file.unlink(missing_ok=True)
        except _NoLongerAllowed:
            _log.warning("control_line_refused")
            _say_if_there(line, "control_refused")
        except (SQLAlchemyError, OSError, Unavailable) as problem:
            _log.error("control_line_failed", why=type(problem).__name__)
            _say_if_there(line, "sorry_flow_failed")

    def _now(self) -> datetime:
        return self._clock.now().astimezone(self._zone)

    def _identify(self, line: CallerLine) -> Controller | None:
        """Both languages are spoken: nobody is known yet."""
        opening: tuple[str, ...] = ()
        for _try in range(MOST_TRIES):
            number = line.ask_keys(*_both(*opening, "control_number"), most=NUMBER_LENGTH, wait_s=_WAIT_S)
            pin = _ask_pin(line) if number else ""
            controller = identify_controller(self._database, number, pin, self._clock.now()) if pin else None
            if controller is not None and self._is_allowed(controller):
                _log.info("control_line_entered", login=controller.login)
                return controller
            opening = ("control_refused",)
        _log.warning("control_line_refused")
        line.say(*_both("control_refused"))
        return None

    def _is_allowed(self, controller: Controller) -> bool:
        with self._database.reading() as session:
            return self._may_close(session, controller.login)


def _say_if_there(line: CallerLine, key: str) -> None:
    with suppress(HungUp):
        line.say(*_both(key))


def _ask_pin(line: CallerLine) -> str:
    """The PIN; no recording of the call goes on while it is typed."""
    with line.private():
        return line.ask_keys(*_both("control_pin"), most=LENGTH, wait_s=_WAIT_S)


class _Visit:
    """One supervisor on the line."""

    def __init__(
        self, line: CallerLine, controller: Controller, home: Path, database: Database, hours: Hours,
        now: Callable[[], datetime], may_close: MayClose,
    ) -> None:  # fmt: skip
        self._line, self._who, self._home, self._database, self._hours, self._now = line, controller, home, database, hours, now
        self._may_close = may_close
        self._by = By(controller.name, Way.PHONE)
        self._questions = 0

    def serve(self) -> None:
        self._line.say()  # a key too many of the PIN is no wish
        opening = self._state()
        while (key := self._ask("control_menu", opening=opening)) != "":
            opening = []
            match key:
                case "1":
                    self._close()
                case "2":
                    self._reopen()
                case "3":
                    opening = self._state()
                case _:
                    self._say("control_wrong_key")

    def _state(self) -> list[Prompt]:
        """How every schedule stands: whoever knows what to do presses over it."""
        now = self._now()
        told: list[Prompt] = []
        for name, schedule in self._hours.schedules().items():
            label = Prompt("control_schedule", self._who.language, {"name": schedule.label[self._who.language]})
            told += [label, *hours_answer(self._hours.state(name, now), self._who.language, now)]
        return told

    def _close(self) -> None:
        schedule = self._choose_schedule()
        if schedule is None:
            return
        hours = self._ask("control_how_long")
        if hours == CANCEL:
            return
        message = self._message()
        if message is None:
            self._say("control_cancelled")
            return
        now = self._now()
        # Hours that pass, not hours of the wall clock, which may be put forward or back meanwhile.
        until = now.astimezone(UTC) + timedelta(hours=int(hours)) if hours.isdigit() and hours != "0" else None
        with self._changing() as session:
            close_line(session, schedule, until, message, self._by, now)
        _log.warning("line_closed", schedule=schedule or "all", way=Way.PHONE.value)
        self._say("control_closed")

    def _choose_schedule(self) -> str | None:
        """Key 1 closes every line, the next ones a single one; None for another key."""
        names = list(self._hours.schedules())[:_MOST_SCHEDULES]
        if len(names) == 1:
            return EVERY_SCHEDULE
        singles = [self._single(number, name) for number, name in enumerate(names, 2)]
        key = self._ask("control_close_all", *singles)
        if key == "1":
            return EVERY_SCHEDULE
        if key.isdigit() and 2 <= int(key) < len(names) + 2:
            return names[int(key) - 2]
        self._say("control_cancelled")
        return None

    def _single(self, number: int, name: str) -> Prompt:
        label, key = self._hours.schedules()[name].label[self._who.language], spoken_number(number, self._who.language)
        return Prompt("control_close_one", self._who.language, {"name": label, "key": key})

    def _message(self) -> Message | None:
        """What the supervisor says, heard again and agreed to; the standard sentence when wanted; None to leave it all."""
        for _try in range(MOST_TRIES):
            recording = self._line.record(self._prompt("control_record"), most_s=LONGEST_S, silence_s=_SILENCE_S)
            try:
                key = self._agree(recording)
                if key == CLOSE and recording is not None:
                    return Message(recording=keep_recording(self._home, recording.file))
            except BadInput:
                self._say("control_not_usable")
                continue
            finally:
                if recording is not None:
                    recording.file.unlink(missing_ok=True)
            if key == STANDARD:
                return Message()
            if key != REPEAT:
                return None
        return None

    def _agree(self, recording: Recording | None) -> str:
        if recording is None:
            return self._ask("control_nothing_said")
        self._line.say(Prompt("hours_emergency", self._who.language, recording=recording.file))
        return self._ask("control_agree")

    def _reopen(self) -> None:
        now = self._now()
        with self._changing() as session:
            ended = [reopen(session, closing.id, self._by, now) for closing in in_force(session, now)]
        if ended:
            _log.warning("line_reopened", count=len(ended), way=Way.PHONE.value)
        self._say("control_reopened" if ended else "control_nothing_closed")

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        """A unit of work, kept when the block ends well. Raises _NoLongerAllowed."""
        with self._database.writing() as session:
            if not self._may_close(session, self._who.login):
                raise _NoLongerAllowed
            yield session
            session.commit()

    def _ask(self, key: str, *more: Prompt, opening: Sequence[Prompt] = ()) -> str:
        """The key pressed, `opening` being said at the first try; "" after MOST_TRIES without one, or when too much was asked."""
        for _try in range(MOST_TRIES):
            self._questions += 1
            if self._questions > MOST_QUESTIONS:
                return ""
            pressed = self._line.ask_keys(*opening, self._prompt(key), *more, wait_s=_WAIT_S)
            opening = ()
            if pressed:
                return pressed
        return ""

    def _say(self, key: str) -> None:
        self._line.say(self._prompt(key))

    def _prompt(self, key: str) -> Prompt:
        return Prompt(key, self._who.language)


def _both(*keys: str) -> list[Prompt]:
    return [Prompt(key, language) for language in LANGUAGES for key in keys]
