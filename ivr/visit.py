"""One caller's visit to the IVR: what is known so far, for every step of a flow and for whoever takes over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from core.clock import Clock
from crm.phone_numbers import HOME_COUNTRY
from ivr.desk import CallerFacts, CrmDesk
from ivr.flow import Choice, Condition, closed_key
from ivr.flow_version import FlowVersion
from ivr.hours import OpenState, Schedule
from ivr.line import CallerLine, Heard, Prompt
from ivr.menu import Ears, Menu, PersonWanted
from ivr.message_box import MessageBox
from ivr.messages import Messenger, NoMessenger
from ivr.number_entry import NumberEntry, NumberQuestion
from ivr.outcome import RouteTo
from ivr.patience import Patience
from ivr.queue_hours import Earliest, OwnHours, always, no_own_hours, queue_state
from ivr.reasons import Reason
from ivr.wording import Aloud, Written

DEFAULT_LANGUAGE = "id"
GENERAL_QUEUE = "general"
MOST_MENUS = 25  # a stuck key goes round and round; a person does not
_PAUSE_S = 0.1
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that was made, and the menu that it belongs to."""

    menu: str
    choice: Choice


@dataclass(slots=True)
class Visit:
    """The caller's line, the customer records, the flow's version, and `now`, aware, in the contact center's own time zone.

    `caller` is what is known of the customer, None while nobody knows who calls; `people` everyone who has this number;
    `proved` the id of the customer whose PIN the caller knew; `postcode` what they typed of where they are. `order` is the number
    of the order that was read out last.
    `queue` is where the right person for what the caller is doing now is found; `subject` the reason (ivr.reasons) of
    what they asked last and `subject_queue` who settles that; `heard` the reason of the last answer they heard to its end.
    `message_box` keeps what callers ask for when the records are away. `holds` is what is so on this call and not on every
    one. `opening` is how the flow's own hours were when the call began, `schedule` those hours; None for a flow that never
    closes. `line_hours` are the flow's own and `own_hours` the queues', as they are at the moment in which they are asked for,
    `earliest` the first moment from one on at which a queue is open. `country` is where a number is dialled that the caller types
    without a country code.
    """

    line: CallerLine
    records: Patience
    now: datetime
    version: FlowVersion
    message_box: MessageBox
    language: str = DEFAULT_LANGUAGE
    customer_id: int | None = None
    caller: CallerFacts | None = None
    people: tuple[CallerFacts, ...] = ()
    proved: int | None = None
    order: str = ""
    queue: str = GENERAL_QUEUE
    subject: str = ""
    subject_queue: str = ""
    postcode: str = ""
    heard: str = ""
    menus_asked: int = 0
    ears: Ears = field(default_factory=Ears)
    messenger: Messenger = field(default_factory=NoMessenger)
    holds: frozenset[Condition] = frozenset()
    opening: OpenState | None = None
    schedule: Schedule | None = None
    line_hours: Callable[[], OpenState | None] | None = None
    own_hours: OwnHours = no_own_hours
    earliest: Earliest = always
    clock: Clock | None = None
    country: str = HOME_COUNTRY

    @property
    def moment(self) -> datetime:
        """This very moment, for what is counted in minutes. `now` is when the call began: a "tomorrow" that was said holds."""
        return self.clock.now().astimezone(self.now.tzinfo) if self.clock else self.now

    @property
    def segment(self) -> str:
        """The customer's segment; "" for a stranger."""
        return self.caller.segment if self.caller else ""

    @property
    def is_open(self) -> bool:
        """Whether somebody is there to take this call."""
        return self.opening is None or self.opening.open

    @property
    def person_queue(self) -> str:
        """Where a person is there now for what the caller is doing; "" while nobody is. Another team is better than none."""
        return next((queue for queue in (self.queue, GENERAL_QUEUE) if self.has_people(queue)), "")

    def has_people(self, queue: str) -> bool:
        """Whether somebody is there now to take a call of this queue."""
        state = self.queue_opening(queue)
        return state is None or state.open

    def queue_opening(self, queue: str) -> OpenState | None:
        """The hours of this queue as they are now; None: it never closes."""
        return queue_state(self.own_hours(queue), self.line_hours() if self.line_hours else self.opening)

    @property
    def aloud(self) -> Aloud:
        """Facts in words that this caller hears."""
        return Aloud(self.language, self.now)

    @property
    def written(self) -> Written:
        """Facts in words that this caller reads."""
        return Written(self.language, self.now)

    @property
    def today(self) -> date:
        """The day in the contact center's time zone."""
        return self.now.date()

    def prompt(self, key: str, **values: str) -> Prompt:
        """A sentence in the caller's language."""
        return Prompt(key, self.language, values)

    def begin(self, queue: str, subject: str) -> None:
        """The caller asks for something now: its reason, and where the people are who settle it."""
        self.queue, self.subject = queue, subject

    def say(self, key: str, **values: str) -> None:
        """Speak one sentence of the catalogue."""
        self.line.say(self.prompt(key, **values))

    def hear_first(self) -> None:
        """What is asked now is news to the caller: keys that were pressed before it was spoken were meant for something else."""
        self.line.say()

    def connect(self, queue: str, reason: str, *words: Prompt) -> RouteTo:
        """The caller goes to this queue. Somebody is looked for while they still hear `words` and that they are being connected."""
        wish = RouteTo(queue, reason, self.language, self.customer_id, self.postcode)
        self.line.stand_in_line(wish, *words)
        self.line.say(self.connecting(queue))
        return wish

    def connecting(self, queue: str) -> Prompt:
        """The words before a caller goes to this queue: the flow's own, else the catalogue's."""
        own = self.version.flow.connecting.get(queue)
        if own is None:
            return self.prompt("connecting")
        return Prompt(f"connecting_{queue}", self.language, text=own[self.language])

    def closed(self, queue: str) -> Prompt:
        """The words that this queue is closed: the flow's own, else the catalogue's."""
        own = self.version.flow.closed_words.get(queue)
        if own is None:
            return self.prompt("queue_closed")
        return Prompt(closed_key(queue), self.language, text=own[self.language])

    def identify(self, customer_id: int | None, language: str) -> None:
        """Keep who is calling and in which language, and tell the line."""
        self.customer_id, self.language = customer_id, language
        self.line.identified(customer_id, language)

    def look_up(self, question: str, look_up: Callable[[CrmDesk], _Answer], limit_s: float | None = None) -> _Answer:
        """Ask the records, with bounded patience; see Patience.ask. Raises Unavailable."""
        return self.records.ask(question, look_up, limit_s)

    def ask(
        self,
        menu: str,
        *lead_in: Prompt,
        first: Heard | None = None,
        languages: tuple[str, ...] = (),
        about: tuple[Prompt, ...] = (),
        told: bool = False,
    ) -> str:
        """Ask a menu of the flow in the caller's language; see Menu.ask. Raises PersonWanted after MOST_MENUS of them.

        `about` is what the question is about, said at every try; at the first one not if it was `told` already.
        """
        self.menus_asked += 1
        if self.menus_asked > MOST_MENUS:
            raise PersonWanted(Reason.WRONG_INPUT)
        return self._menu(menu, languages, about).ask(self.line, self.ears, *lead_in, first=first, told=told)

    def ask_number(self, question: NumberQuestion, *opening: Prompt, attempt: int = 1) -> str:
        """Ask for a number in the caller's language; see NumberEntry.ask. Raises PersonWanted, and Unavailable (secret ones)."""
        return self._number(question).ask(self.line, self.ears, *opening, attempt=attempt)

    def choose(self, menu: str, *lead_in: Prompt, first: Heard | None = None) -> Chosen:
        """As ask, but the whole choice."""
        return self.chosen(menu, self.ask(menu, *lead_in, first=first))

    def chosen(self, menu: str, name: str) -> Chosen:
        """The choice of this name, which this menu has."""
        choice = self.version.menu(menu).choice(name)
        assert choice is not None, "a menu answers with one of its own choices"
        return Chosen(menu, choice)

    def answer(self, reason: str, prompts: list[Prompt], after: str) -> str:
        """Speak an answer, then ask what next. A key or a word in the middle of the answer counts at once."""
        self.subject, self.subject_queue = reason, self.queue
        first = self._menu(after).listen(self.line, self.ears, *prompts, wait_s=_PAUSE_S)
        if not first.keys and not first.words:
            self.heard = reason
        return self.ask(after, first=first)

    def _number(self, question: NumberQuestion) -> NumberEntry:
        return NumberEntry(question, self.version, self.language)

    def _menu(self, name: str, languages: tuple[str, ...] = (), about: tuple[Prompt, ...] = ()) -> Menu:
        return Menu(name, self.version, languages or (self.language,), self.holds, about)
