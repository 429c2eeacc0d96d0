"""The floor with promised calls: the records, the dispatcher and call control on one clock; only Asterisk is a fake."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asterisk_conf import names
from core.database import Database
from core.events import Event, EventKind
from crm.callback_tasks import CallbackTask, CallbackWish, add_callback_task
from cti.callbacks import Callbacks
from cti.called_first import CalledFirst
from cti.called_legs import CalledLegs
from cti.callers import Callers
from cti.dialling import Dialling
from cti.phones import Phones
from cti.queued import queued_event
from cti.resync import Resync
from routing.callback_outcomes import CallbackOutcomes
from routing.order import FIRST
from routing.place import Place
from routing.policy import CallFirst
from tests.journeys.floor_house import FakeAsterisk, FloorHouse

NUMBER = "+628112345678"


class ToldAsterisk(FakeAsterisk):
    """Tells what happens to its channels, too."""

    def __init__(self) -> None:
        super().__init__()
        self.channels: list[dict[str, str]] = []
        self.handlers: dict[str, list[Callable[[dict[str, str]], None]]] = {}

    def on(self, event: str, handler: Callable[[dict[str, str]], None]) -> None:
        self.handlers.setdefault(event, []).append(handler)

    async def rows(self, name: str, **_fields: str) -> list[dict[str, str]]:
        """What stands in Asterisk, where that is asked for."""
        return self.channels if name == "Status" else []

    def tell(self, event: str, **row: str) -> None:
        for handler in self.handlers[event]:
            handler(row)


@dataclass
class CallbackHouse(FloorHouse):
    """`database` has been made; `opens` says when a queue may call, always by default; `call_first` whose phone is called first."""

    database: Database | None = None
    asterisk: ToldAsterisk = field(default_factory=ToldAsterisk)
    opens: Callable[[str, datetime], datetime] = lambda _queue, at: at
    call_first: CallFirst = CallFirst.AGENT

    def __post_init__(self) -> None:
        super().__post_init__()
        assert self.database is not None
        self.outcomes = CallbackOutcomes(self.database, self.earliest, self.bus.publish)
        self.begin_anew()

    def earliest(self, queue: str, at: datetime) -> datetime:
        return self.opens(queue, at)

    def begin_anew(self) -> None:
        """As a process that has just started, and remembers nothing."""
        assert self.database is not None
        self.asterisk.handlers.clear()
        self.callbacks = Callbacks(self.clock, self.database, self.store, self.earliest, self.outcomes, self.bus.publish)
        self.callers = Callers(self.clock, self.bus, self.store, self.changes, self.floor, self.asterisk, self.calls)
        first = CalledFirst(
            self.settings, self.clock, self.store, self.changes, self.floor, self.asterisk, self.calls, self.callers, self.callbacks
        )
        self.dialling = Dialling(
            self.settings, self.clock, self.store, self.changes, self.floor, self.bus.publish, self.calls
        )  # fmt: skip
        self.legs = CalledLegs(
            self.clock, self.changes, self.floor, self.asterisk, self.calls, self.callers, self.callbacks, first, self.dialling,
            lambda _queue: self.call_first,
        )  # fmt: skip
        self.dispatcher._ring, self.dispatcher._overdue = self.legs.ring, self.legs.overdue

    def resync(self, *channels: dict[str, str]) -> None:
        """We were away: these are the channels that Asterisk has now."""
        self.begin_anew()
        self.asterisk.channels = list(channels)
        asyncio.run(self._resync().run())
        self.settle()

    def settle_lost_rings(self, *channels: dict[str, str]) -> None:
        """A little later, when Asterisk has these channels."""
        self.asterisk.channels = list(channels)
        asyncio.run(self._resync().settle_lost_rings())

    def _resync(self) -> Resync:
        assert self.database is not None
        phones = Phones(self.store, self.changes, self.floor, self.asterisk, self.calls)
        return Resync(
            self.settings, self.clock, self.database, self.store, lambda: self.policy, self.floor, self.asterisk, phones,
            self.callers, self.calls, self.legs, str,
        )  # fmt: skip

    def agents_leg(self, agent_id: str = "1001") -> dict[str, str]:
        leg = names.agent_leg_id(self.agent(agent_id).token)
        return {"channel": f"PJSIP/agent-{agent_id}-1", "uniqueid": leg, "channelstatedesc": "Up", "context": names.CALL_BACK}

    def customers_leg(self, place: Place, state: str = "Up", agent_id: str = "1001") -> dict[str, str]:
        known = f"{names.INTERACTION}={place.interaction_id}\n{names.CALLED}={self.agent(agent_id).token}"
        return {
            "channel": "PJSIP/trunk-1", "uniqueid": "7", "channelstatedesc": state, "context": names.CALL_BACK, "bridgeid": "b",
            "variable": known,
        }  # fmt: skip

    def first_leg(self, place: Place, state: str = "Up", on_line: bool = False) -> dict[str, str]:
        """The leg of a customer who is called first, as Asterisk tells of it."""
        task, going = self.task(place), f"\n{names.NEXT}={names.WAITING}" if on_line else ""
        return {
            "channel": "PJSIP/trunk-9", "uniqueid": names.customer_leg_id(task.id, task.tries), "channelstatedesc": state,
            "context": names.WAITING if on_line else names.CALLED_FIRST, "bridgeid": "",
            "variable": f"{names.INTERACTION}={place.interaction_id}{going}",
        }  # fmt: skip

    # ---- what people do ------------------------------------------------------------------------------------------

    def promise(self, number: int = 1, queue: str = "general", phone: str = NUMBER, customer_id: int | None = None) -> Place:
        """A caller who waits presses 1: out of the line, and on record with the place; the leader hears of it."""
        place = self.queue(number, queue=queue)
        promised = Event(EventKind.CALLBACK_PROMISED, self.clock.now(), place.interaction_id, data={"queue": queue, "wait_s": 0.0})
        self.store.take_out_of_line(place.interaction_id, promised)
        now = self.clock.now()
        wish = CallbackWish(place.interaction_id, phone, queue, "id", now, customer_id, place=place.to_json())
        assert self.database is not None
        with self.database.writing() as session:
            add_callback_task(session, wish, now)
            session.commit()
        return place

    def promise_at(self, after_s: float, number: int = 5) -> Place:
        """An agent agrees with a customer on a time: a promise of its own, which begins then."""
        now = self.clock.now()
        at = now + timedelta(seconds=after_s)
        place = Place(f"00000000-0000-0000-0000-{number:012d}", "general", at, "", priority=FIRST, ani=NUMBER)
        wish = CallbackWish(place.interaction_id, NUMBER, "general", "id", at, place=place.to_json())
        assert self.database is not None
        with self.database.writing() as session:
            add_callback_task(session, wish, now)
            session.commit()
        return place

    def settle(self) -> datetime | None:
        """The leader looks, and the floor follows."""
        due = self.callbacks.settle()
        self.do()
        return due

    def task(self, place: Place) -> CallbackTask:
        assert self.database is not None
        with self.database.reading() as session:
            return session.query(CallbackTask).filter_by(interaction_id=place.interaction_id).one()

    def told(self, kind: EventKind) -> list[Event]:
        return [event for event in self.bus.read("0-0") if event.kind is kind]

    # ---- what Asterisk does ----------------------------------------------------------------------------------------

    def dialled(self) -> list[str]:
        """The numbers that Asterisk was told to call, in order: each from an agent's leg of its own."""
        legs = [row["Variable"] for row in self.asterisk.named("Originate") if row["Context"] == names.CALL_BACK]
        return [line.partition("=")[2] for leg in legs for line in leg if line.startswith(f"{names.NUMBER}=")]

    def first_called(self) -> list[str]:
        """The names of the legs by which customers were called first, in order."""
        return [str(row["ChannelId"]) for row in self.asterisk.named("Originate") if row["Context"] == names.CALLED_FIRST]

    def first_told(self, place: Place, event: str, state: str = "Up", **row: str) -> None:
        """Something about the leg of a customer who is called first."""
        leg = self.first_leg(place, state)

        async def tell() -> None:
            self.asterisk.tell(event, **leg | row)
            await self.a_moment()

        self.do(tell())

    def says_it_is_them(self, place: Place) -> None:
        self.first_told(place, "UserEvent", userevent=names.ON_THE_LINE)

    def agent_answers(self, agent_id: str = "1001") -> None:
        self.calls.leg_answered(self.agent(agent_id).token)
        self.do()

    def customer(self, place: Place, event: str, agent_id: str = "1001", **row: str) -> None:
        """Something about the customer's leg."""
        token = self.agent(agent_id).token
        known = f"{names.INTERACTION}={place.interaction_id}\n{names.CALLED}={token}"

        async def tell() -> None:
            self.asterisk.tell(event, channel="PJSIP/trunk-1", chanvariable=known, **row)
            await self.a_moment()

        self.do(tell())

    def customer_answers(self, place: Place, agent_id: str = "1001") -> None:
        self.customer(place, "Newstate", agent_id, channelstatedesc="Up")

    def agent_hangs_up(self, agent_id: str = "1001") -> None:
        self.calls.leg_ended(self.agent(agent_id).token, "16")
        self.do()

    def wrap_up_ends(self, place: Place, agent_id: str = "1001", ready: bool = True) -> None:
        self.changes.finish_wrap_up(agent_id, place.interaction_id, ready)
        self.settle()

    def stands_again(self, phone: str, number: int = 9, queue: str = "general") -> Place:
        """A caller reaches the line, as entry points put them there."""
        now, interaction_id = self.clock.now(), f"00000000-0000-0000-0000-{number:012d}"
        since = self.outcomes.taken_over(phone, None, interaction_id, now) or now
        place = Place(interaction_id, queue, since, f"PJSIP/carrier-{number}", ani=phone)
        self.store.put_in_line(place, queued_event(place, at=now))
        return place


def talk(house: CallbackHouse, place: Place) -> None:
    """The agent is there, and the customer's phone was answered."""
    house.ready_agent("1001")
    house.settle()
    house.agent_answers()
    house.customer_answers(place)


def lose_redis(house: CallbackHouse) -> None:
    """Redis lost what it held of the line; the agents' pages come back by themselves."""
    for key in ("halo:line", "halo:taken"):
        house.store.redis.delete(key)


def waiting_channel(place: Place) -> dict[str, str]:
    """Asterisk's channel of a caller who waits in line."""
    return {
        "channel": place.channel, "uniqueid": "1", "context": names.WAITING, "channelstatedesc": "Up",
        "variable": f"{names.INTERACTION}={place.interaction_id}",
    }  # fmt: skip
