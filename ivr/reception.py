"""Receives calls: finds the flow in force, runs it, and sees to it that every caller ends with an answer or with a person."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.clock import Clock
from core.database import Database
from core.errors import BadInput
from crm.phone_numbers import HOME_COUNTRY, takes_texts
from ivr.call_times import CallTimes
from ivr.callback_offer import PlaceAt, no_place_at, offer_callback
from ivr.called_back import is_them
from ivr.database_desk import DatabaseDesk
from ivr.desk import CrmDesk
from ivr.flow import Condition
from ivr.flow_file import shipped_flow_names
from ivr.flow_run import run_flow
from ivr.hours_answer import emergency_message, queue_closed_answer
from ivr.hours_now import Hours
from ivr.line import CallerLine, HungUp, Prompt
from ivr.menu import PersonWanted
from ivr.message_box import MessageBox
from ivr.messages import Messenger, NoMessenger
from ivr.outcome import CallerGone, Outcome
from ivr.patience import Patience
from ivr.published_flows import PublishedFlows
from ivr.runner import run
from ivr.spoken import LANGUAGES
from ivr.survey import SurveyRule, run_survey
from ivr.visit import DEFAULT_LANGUAGE, Visit
from ivr.waiting import expected_prompt, position_prompt

OBJECTS_KEY, OBJECTS_WITHIN_S = "9", 0.5  # who does not want the talk recorded presses it while they are told, or soon after
CALL_BACK_KEY, _KEY_IS_LATE_S = "1", 0.5  # the dialplan of the line takes the key up from then on
HOTLINE = "hotline"  # its words for a person, yes and no hold outside the menu, too


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller in line, as far as an offer needs to know."""

    queue: str
    reason: str
    customer_id: int | None
    place: str = ""  # as routing writes it: the place that they keep while they wait to be called; "" when they keep none
    place_at: PlaceAt = no_place_at


class Reception:
    """What the flows of a process need, put together once.

    `time_zone` is the zone of spoken days, such as "Asia/Jakarta"; `messages` the folder of the message box; `messenger`
    sends text messages, None where none are set up; `hours` are the opening hours in force, None: always open. In `country`
    (ISO, "ID") a number without a country code is read.
    """

    def __init__(
        self, database: Database, clock: Clock, time_zone: str, messages: Path, desk: CrmDesk | None = None,
        messenger: Messenger | None = None, hours: Hours | None = None, country: str = HOME_COUNTRY,
    ) -> None:  # fmt: skip
        try:
            self._zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise BadInput(f"There is no time zone {time_zone!r}.", "Set HALO_TIME_ZONE to a name such as Asia/Jakarta.") from None
        self._clock = clock
        self._flows = PublishedFlows(database)
        self._desk = desk or DatabaseDesk(database)
        self._message_box = MessageBox(messages)
        self._messenger = messenger or NoMessenger()
        self._hours, self._country = hours, country

    def receive(self, flow: str, line: CallerLine) -> Outcome:
        """Run the flow of this name for the caller on the line.

        Raises BadInput for a flow that does not exist, and nothing else: a hang-up is CallerGone, any failure
        RouteTo("general", "flow_failed", …).
        """
        if flow not in shipped_flow_names():
            raise BadInput(f"There is no flow {flow!r}.", f"Use one of: {', '.join(shipped_flow_names())}.")
        visit = self._visit(flow, line)
        line.entered(flow, visit.version.number)
        return run(run_flow, visit)

    def offer_callback(self, line: CallerLine, waiting: Waiting, leave_line: Callable[[], bool]) -> Outcome | None:
        """Offer a call-back to a caller in line, who pressed the key for it; None when they wait on. See offer_callback."""
        visit = self._visit(HOTLINE, line)
        visit.customer_id = waiting.customer_id
        try:
            return offer_callback(visit, waiting.queue, waiting.reason, leave_line, waiting.place, waiting.place_at)
        except PersonWanted:
            return None
        except HungUp:
            return CallerGone()

    def is_them(self, line: CallerLine) -> bool:
        """Whether whoever has answered our call says that it is them whom we promised it to; see ivr.called_back."""
        try:
            return is_them(self._visit(HOTLINE, line))
        except (PersonWanted, HungUp):
            return False

    def tell_recorded(self, line: CallerLine) -> bool:
        """Tell a caller who is about to stand in line that the talk may be recorded; False when they press the key against it.
        Raises HungUp."""
        visit = self._visit(HOTLINE, line)
        if line.ask_keys(visit.prompt("talk_recorded"), wait_s=OBJECTS_WITHIN_S) != OBJECTS_KEY:
            return True
        line.say(visit.prompt("talk_not_recorded"))
        return False

    def tell_wait(self, line: CallerLine, expected: tuple[float, float, float]) -> None:
        """Tell a caller who has just come into line how long it will be: seconds `expected`, low and high."""
        how_long = expected_prompt(*expected, self._visit(HOTLINE, line).language)
        if how_long is not None:
            with suppress(PersonWanted, HungUp):
                line.say(how_long)

    def wait_on(
        self,
        line: CallerLine,
        queue: str,
        position: int,
        expected: tuple[float, float, float] | None = None,
        may_leave: bool = True,
        is_news: Callable[[int], bool] = lambda _closing: True,
    ) -> bool:
        """Tell a caller in line the place in it, how long it will be (seconds `expected`, low and high), and, who `may_leave` for a
        call-back, the key for it; whether they have pressed that key over these words. Another key ends them.

        When the queue's hours have ended meanwhile: that they are still served. In an emergency nobody may be there any more, so
        that is not said, nor a place: they hear what new callers hear, once, if this closing (its number) `is_news` to them.
        """
        visit = self._visit(HOTLINE, line)
        opening = visit.queue_opening(queue)
        over = opening is not None and not opening.open and opening.emergency is None
        emergency = opening.emergency if opening is not None else None
        if opening is not None and emergency is not None and is_news(emergency.number):
            prompts = emergency_message(opening, visit.language)
        else:
            prompts = [position_prompt(position, visit.language)]
            how_long = expected_prompt(*expected, visit.language) if expected else None
            if how_long is not None:
                prompts.append(how_long)
            if over:
                prompts.append(visit.prompt("queue_closed_meanwhile"))
        if may_leave:
            prompts.append(visit.prompt("waiting_call_back"))
        return line.ask_keys(*prompts, wait_s=_KEY_IS_LATE_S) == CALL_BACK_KEY and may_leave

    def takes(self, dialled: str) -> bool:
        """Whether an entry of the hotline's flow in force names this number. The hotline's own needs none."""
        return any(entry.names(dialled) for entry in self._flows.current(HOTLINE).flow.entries)

    def survey(self, line: CallerLine, customer_id: int | None, rule: SurveyRule, chance: float, queue: str) -> bool:
        """Ask how the talk was, if this caller is to be asked; whether they want a person of `queue` again, and one is there.
        Whatever else happens, the call then ends politely."""
        visit = self._visit(HOTLINE, line)
        visit.customer_id = customer_id
        with suppress(HungUp):
            try:
                run_survey(visit, rule, chance)
            except PersonWanted:
                if visit.has_people(queue):
                    return True
                opening = visit.queue_opening(queue)
                line.say(*(queue_closed_answer(opening, visit.closed(queue), visit.now) if opening else ()))
        return False

    def _visit(self, flow: str, line: CallerLine) -> Visit:
        language = line.call.language if line.call.language in LANGUAGES else DEFAULT_LANGUAGE
        version = self._flows.current(flow)
        now = self._clock.now().astimezone(self._zone)
        visit = Visit(line, Patience(self._desk, lambda: None), now, version, self._message_box, language)
        visit.records = Patience(self._desk, _filler(line, visit))
        visit.messenger = self._messenger
        visit.clock, visit.country = self._clock, self._country
        visit.holds = self._holds(line.call.ani)
        if self._hours is not None:
            self._tell_hours(visit, self._hours)
        return visit

    def _tell_hours(self, visit: Visit, hours: Hours) -> None:
        schedule = visit.version.flow.hours
        if schedule:
            visit.opening = hours.state(schedule, visit.now)
            visit.schedule = hours.schedules().get(schedule)
            visit.line_hours = lambda: hours.state(schedule, visit.moment)
        visit.own_hours = lambda queue: hours.queue_state(queue, self._clock.now())
        visit.earliest = CallTimes(hours, self._flows, HOTLINE).earliest

    def _holds(self, ani: str) -> frozenset[Condition]:
        """What is so on a call from this number."""
        texts = self._messenger.available and takes_texts(ani)
        held = {Condition.MESSAGES: texts, Condition.CARDS: self._desk.takes_cards()}
        return frozenset(condition for condition, holds in held.items() if holds)


def _filler(line: CallerLine, visit: Visit) -> Callable[[], object]:
    """Says that somebody is working on it, in the language that is the caller's by then."""
    return lambda: line.keep_company(Prompt("looking_up", visit.language))
