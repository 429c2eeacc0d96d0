"""Conversations held by phone with this Halo, several at once, and everything put back as it was found."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.bus import EventBus
from core.clock import SystemClock, stopwatch_s
from core.database import Database
from core.errors import HaloError
from core.settings import Settings
from core.twilio_settings import load_twilio
from crm.callback_tasks import CallbackTask
from crm.number_tries import forget_number_tries
from crm.pins import forget_tries
from ivr.callback_news import task_changed
from ivr.conversations.by_phone import why_not_by_phone
from ivr.conversations.people import EVERYBODY, WHO
from ivr.conversations.people_records import lay_out, put_away
from ivr.conversations.rehearsal import Here, Rehearsed, rehearse
from ivr.conversations.story import Story
from ivr.conversations.world import Worlds
from ivr.flow_version import FlowVersion
from ivr.hours_now import Hours
from ivr.published_flows import PublishedFlows
from launch.demo.caller_voice import CallerVoice
from launch.demo.carrier import Carrier
from launch.demo.phone_caller import PhoneCaller
from launch.prompts import voice_of

KEPT_FOLDER = "recordings-of-tests"  # in the home: of the last run, what was heard where it went otherwise than written
_NUMBERS = "number_tries"  # far below what a number may name, and forgotten after each call
# What only those see who write it too: a PIN is counted as tried before it is looked at, and a promise is made to the end.
_ASIDE = frozenset({"pin_tries", "callback_tasks", _NUMBERS})
_TEXT_WANTED = "text_not_sent"  # what a caller hears in a rehearsal, which sends none


@dataclass(frozen=True, slots=True)
class HeldByPhone:
    """How a conversation went: `problem` names file and line, "" when all went as written; `why_not` says why it was not held.

    What went otherwise is held once more. `at_first` is then what went otherwise in the first call, while `problem` is about
    the second.
    """

    story: Story
    problem: str = ""
    at_first: str = ""
    why_not: str = ""
    took_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Wish:
    """The conversation with this number among those that were asked for, as it must go."""

    number: int
    reference: Rehearsed


class PhoneConversations:
    """Holds conversations by phone; made by `phone_conversations`, which puts everything back at the end."""

    def __init__(
        self, settings: Settings, database: Database, bus: EventBus, carrier: Carrier, worlds: Worlds, voices: Path
    ) -> None:
        self._settings, self._database, self._bus, self._worlds = settings, database, bus, worlds
        self._flows, self._hours = PublishedFlows(database), Hours(settings.home, database)
        self._texts = load_twilio(settings.home) is not None
        kept = settings.home / KEPT_FOLDER
        shutil.rmtree(kept, ignore_errors=True)
        self._caller = PhoneCaller(
            carrier, bus, settings.hotline_number, CallerVoice(voices), voice_of(settings).file_for, self._lay_out(), kept
        )

    @property
    def interactions(self) -> Sequence[str]:
        """Those of every call so far."""
        return self._caller.interactions

    def hold_all(
        self, stories: Sequence[Story], at_once: int, told: Callable[[HeldByPhone], object], calls: int = 2
    ) -> list[HeldByPhone]:
        """Hold each of them, at most so many at once, and tell of each when it is over; returns them in their order. What goes
        otherwise than written is held again, `calls` times at most.

        Two that are about the same customer are not held at once when one of them changes what the other may see.
        """
        done: dict[int, HeldByPhone] = {}

        def over(number: int, held: HeldByPhone) -> None:
            done[number] = held
            told(held)

        waiting: list[Wish] = []
        for number, story in enumerate(stories):
            prepared = self._prepare(story)
            if isinstance(prepared, HeldByPhone):
                over(number, prepared)
            else:
                waiting.append(Wish(number, prepared))
        waiting.sort(key=lambda wish: -len(wish.reference.changed))  # they wait for one another: the longest queue first
        running: dict[Future[HeldByPhone], Wish] = {}
        with ThreadPoolExecutor(at_once, "conversation") as pool:
            while waiting or running:
                while len(running) < at_once and (free := next(free_wishes(waiting, list(running.values())), None)) is not None:
                    waiting.remove(free)
                    running[pool.submit(self._hold, free.reference, calls)] = free
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    over(running.pop(future).number, future.result())
        return [done[number] for number in range(len(stories))]

    def put_back(self) -> None:
        """Nothing of the conversations stays but the calls on record, and the customers to whom they belong."""
        for interaction_id in self.interactions:
            self._forget_promise(interaction_id)
        with self._database.writing() as session:
            put_away(session)
            session.commit()

    # ---- inside ------------------------------------------------------------------------------------------------

    def _prepare(self, story: Story) -> Rehearsed | HeldByPhone:
        """The conversation as it must go here and now, or why it is not held."""
        hotline = self._settings.hotline_number
        version = self._flows.current(story.flow)
        why_not = why_not_by_phone(story, hotline, bool(version.speech_set))
        if why_not:
            return HeldByPhone(story, why_not=why_not)
        reference = self._rehearse(story, version)
        if any(prompt.key == _TEXT_WANTED for prompt in reference.heard):
            return HeldByPhone(story, why_not="no text message is sent to invented numbers")
        if not reference.problem:
            return reference
        elsewhere = rehearse(story, version, self._worlds)
        if elsewhere.problem:
            return HeldByPhone(story, problem=elsewhere.problem)
        return HeldByPhone(story, why_not=f"here and now it goes otherwise: {reference.problem}")

    def _rehearse(self, story: Story, version: FlowVersion) -> Rehearsed:
        now, name = self._now(), version.flow.hours
        opening, schedule = (self._hours.state(name, now), self._hours.schedules().get(name)) if name else (None, None)
        own_hours = partial(self._hours.queue_state, now=now)
        here = Here(now, opening, schedule, own_hours, cards=self._settings.payment_gateway == "sandbox", texts=self._texts)
        return rehearse(replace(story, dialled=self._settings.hotline_number), version, self._worlds, here)

    def _hold(self, reference: Rehearsed, calls: int) -> HeldByPhone:
        begun_s = stopwatch_s()
        at_first = problem = self._call(reference)
        for _ in range(1, calls):
            problem = self._call(reference) if problem else ""
        return HeldByPhone(reference.story, problem, at_first, took_s=stopwatch_s() - begun_s)

    def _call(self, reference: Rehearsed) -> str:
        """What went otherwise in one call."""
        try:
            return self._caller.hold(reference, self._flows.current(reference.story.flow).flow)
        except HaloError as trouble:
            return f"{reference.story.source}: {trouble.message}"
        finally:
            self._restore(reference)

    def _restore(self, reference: Rehearsed) -> None:
        """What it changed is as before; whoever is being called meanwhile notices nothing."""
        if _NUMBERS in reference.changed:
            with self._database.writing() as session:
                forget_number_tries(session, [WHO[reference.story.caller]])
                session.commit()
        if reference.changed - _ASIDE:
            self._lay_out(reference.touched)
        elif "pin_tries" in reference.changed:
            people = [person for person in EVERYBODY if person.name in reference.touched]
            ids = [customer_id for customer_id, name in self._caller.names.items() if name in reference.touched]
            with self._database.writing() as session:
                forget_tries(session, ids, [person.number for person in people])
                session.commit()

    def _lay_out(self, whose: frozenset[str] | None = None) -> dict[int, str]:
        people = [person for person in EVERYBODY if whose is None or person.name in whose]
        with self._database.writing() as session:
            names = lay_out(session, self._now().date(), people)
            session.commit()
        return names

    def _forget_promise(self, interaction_id: str) -> None:
        """Nobody is to call the people of conversations back: recordings go first, so that none is taken for a lost one."""
        for recording in self._settings.recordings_folder.glob(f"{interaction_id}_*.wav"):
            recording.unlink(missing_ok=True)
        with self._database.writing() as session:
            task = session.scalar(select(CallbackTask).where(CallbackTask.interaction_id == interaction_id))
            if task is None:
                return
            session.delete(task)
            session.commit()
        self._bus.publish(task_changed(interaction_id, task.queue, "done", SystemClock().now()))

    def _now(self) -> datetime:
        return SystemClock().now().astimezone(ZoneInfo(self._settings.time_zone))


@contextmanager
def phone_conversations(
    settings: Settings, database: Database, bus: EventBus, carrier: Carrier, folder: Path
) -> Iterator[PhoneConversations]:
    """Conversations by this carrier's calls; `folder` is for the voices of the callers."""
    with Worlds() as worlds:
        conversations = PhoneConversations(settings, database, bus, carrier, worlds, folder / "voices")
        try:
            yield conversations
        finally:
            conversations.put_back()


def free_wishes(waiting: Sequence[Wish], running: Sequence[Wish]) -> Iterator[Wish]:
    """Those that disturb none of the running ones, and are disturbed by none."""
    for wish in waiting:
        if not any(disturb(wish.reference, other.reference) for other in running):
            yield wish


def disturb(one: Rehearsed, other: Rehearsed) -> bool:
    """Whether two conversations must not be held at once: about the same people, and one of them changes what the other may see."""
    if not one.touched & other.touched:
        return False
    return bool((one.changed | other.changed) - _ASIDE or (one.changed & other.changed) - {_NUMBERS})
