"""Whole calls, walked over the ends of their questions: one move is a choice, a number, or the wish for a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from crm.callback_tasks import CallbackWish
from ivr.conversations.people import WHO
from ivr.desk import CallerFacts, CrmDesk
from ivr.explorer.moves import OVER_ANSWER, Move, moves_over_answer
from ivr.explorer.place import watched
from ivr.explorer.probe import Probed, ProbeLine, Stopped, name_of
from ivr.explorer.questions import Asked, Questions
from ivr.explorer.records import Remembered, RememberedDesk
from ivr.explorer.scenes import Scene
from ivr.flow import Condition
from ivr.flow_run import run_flow
from ivr.flow_version import FlowVersion
from ivr.hours import OpenState, Why
from ivr.line import CallerLine, Heard, InboundCall, Prompt
from ivr.menu import Ears, Menu, PersonWanted
from ivr.message_box import MessageBox
from ivr.messages import MessageId
from ivr.number_entry import NumberEntry, NumberQuestion
from ivr.outcome import Outcome
from ivr.runner import run
from ivr.services.service import Service, Step
from ivr.visit import DEFAULT_LANGUAGE, Chosen, Visit

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2025, 2, 3, 9, 30, tzinfo=ZONE)
_CLOSED = OpenState(False, Why.REGULAR, ZONE, opens_next=NOW + timedelta(days=1))
_INTERACTION = "3f2b9c1e-8d1a-4f6b-9a51-0a1b2c3d4e5f"


class Calls:
    """Makes calls to a version of a flow on the data set of conversations; `desk` is of NOW."""

    def __init__(self, version: FlowVersion, questions: Questions, desk: RememberedDesk, services: Mapping[str, Service]) -> None:
        self._version, self._questions, self._desk = version, questions, desk
        self._services = {name: _Anew(service, desk) for name, service in services.items()}

    def probe(self, scene: Scene, moves: Sequence[Move], hang_up_at: int | None) -> Probed:
        """One call in this scene, from the ring."""
        call = InboundCall(_INTERACTION, WHO[scene.caller], scene.dialled, "PJSIP/trunk-00000001")
        line = _CallLine(call, self._version, moves, scene.listening, self._questions, hang_up_at)
        self._desk.begin()
        desk = cast(CrmDesk, _InSegment(self._desk, scene.segment) if scene.segment else self._desk)
        visit: Visit

        def fill() -> None:
            line.keep_company(Prompt("looking_up", visit.language))

        visit = _WholeQuestions(
            line=line, records=Remembered(desk, fill, line.look_up), now=NOW, version=self._version,
            message_box=_NoBox(Path("/nonexistent")), language=DEFAULT_LANGUAGE, messenger=_Unheard(),
        )  # fmt: skip
        # To a number that is withheld no text can be sent; and where texts are not, cards may not be either.
        visit.holds = frozenset(Condition) if call.ani else frozenset()
        if scene.closed_queues:
            visit.own_hours = dict.fromkeys(scene.closed_queues, _CLOSED).get
        elif not scene.is_open:
            visit.opening = _CLOSED
        line.answer_heard = lambda: visit.heard
        try:
            line.found.outcome = watched(lambda: run(self._flow, visit))
            line.found.answered = line.found.answered or visit.heard != line.answer_before
        except Stopped:
            pass
        return line.found

    def _flow(self, visit: Visit) -> Outcome:
        return run_flow(visit, self._services)


class _Anew:
    """A service that finds the records as they stood before the call, whatever an earlier service of the call wrote."""

    def __init__(self, service: Service, desk: RememberedDesk) -> None:
        self._service, self._desk = service, desk
        self.name, self.menus = service.name, service.menus

    def run(self, visit: Visit) -> Step:
        self._desk.begin()
        return self._service.run(visit)


class _CallLine(ProbeLine):
    """A line on which a whole question is one move."""

    def __init__(
        self, call: InboundCall, version: FlowVersion, moves: Sequence[Move], listening: bool, questions: Questions,
        hang_up_at: int | None,
    ) -> None:  # fmt: skip
        super().__init__(call, version, moves, listening, hang_up_at)
        self._questions = questions

    def whole(self, asks: Callable[[], Asked], lead_in: Sequence[Prompt]) -> str:
        """The answer to a question. Raises PersonWanted as the question would; and HungUp."""
        self._use()
        self.found.heard.extend(lead_in)
        end = self._answer(lambda _stack: self._ends(asks())).end
        if end.wanted is not None:
            raise PersonWanted(end.wanted)
        return end.answer

    def _ends(self, asked: Asked) -> tuple[str, tuple[Move, ...]]:
        return name_of(asked), self._questions.moves_at(asked, self._listening)

    def over_answer(self, menu: Menu, prompts: Sequence[Prompt]) -> Heard:
        """What is heard of the caller in the middle of an answer."""
        self._use()
        self.found.heard.extend(prompts)
        return self._answer(lambda _stack: (f"{menu.name}{OVER_ANSWER}", moves_over_answer(menu))).heard


class _WholeQuestions(Visit):
    """A visit whose questions are asked whole. The brake on the number of menus is off: it would hide a loop."""

    def choose(self, menu: str, *lead_in: Prompt, first: Heard | None = None) -> Chosen:
        """A menu of the flow begins with one thing at most that is left over: records that have failed, or a caller who is proved.

        Both at once come about inside a service, where they are followed, and an order that was read out leads on to the
        services that are offered with it; none of that to what is chosen in the menus after them.
        """
        self.order = ""
        if cast(Remembered, self.records).failed:
            self.proved = None
        return super().choose(menu, *lead_in, first=first)

    def _number(self, question: NumberQuestion) -> NumberEntry:
        return _WholeNumber(question, self.version, self.language)

    def _menu(self, name: str, languages: tuple[str, ...] = (), about: tuple[Prompt, ...] = ()) -> Menu:
        self.menus_asked = 0
        return _WholeMenu(name, self.version, languages or (self.language,), self.holds, about)


class _WholeMenu(Menu):
    """A key over the answer is judged by the menu's own rules; where it says nothing, the question is put as a whole."""

    __slots__ = ()

    def ask(self, line: CallerLine, ears: Ears, *lead_in: Prompt, first: Heard | None = None, told: bool = False) -> str:
        if first is not None and first.keys and self._understand(line, ears, first)[0]:
            return super().ask(line, ears, first=first, told=told)
        return cast(_CallLine, line).whole(lambda: Menu(self.name, self.version, self.languages, self.holds, self.about), lead_in)

    def listen(self, line: CallerLine, ears: Ears, *prompts: Prompt, wait_s: float | None = None) -> Heard:
        return cast(_CallLine, line).over_answer(self, prompts)


class _WholeNumber(NumberEntry):
    """A number, put as a whole."""

    __slots__ = ()

    def ask(self, line: CallerLine, ears: Ears, *opening: Prompt, attempt: int = 1) -> str:
        return cast(_CallLine, line).whole(lambda: NumberEntry(self.question, self.version, self.language), opening)


class _NoBox(MessageBox):
    """Keeps no message: the calls of an explorer are nobody's."""

    def put(self, wish: CallbackWish) -> None:
        pass

    def forget(self, interaction_id: str) -> None:
        pass


class _Unheard:
    """A carrier of texts that nobody gets."""

    available = True

    def send_text(self, to_e164: str, text: str, about: str) -> MessageId:
        return MessageId(about)


class _InSegment:
    """The desk, with every caller in one segment."""

    def __init__(self, desk: RememberedDesk, segment: str) -> None:
        self._desk, self._segment = desk, segment

    def callers(self, e164: str) -> tuple[CallerFacts, ...]:
        found: tuple[CallerFacts, ...] = self._desk.callers(e164)
        return tuple(replace(caller, segment=self._segment) for caller in found)

    def __getattr__(self, name: str) -> Callable[..., object]:
        return cast(Callable[..., object], getattr(self._desk, name))
