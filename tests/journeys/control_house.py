"""A floor on which agents give orders about the call in hand; Asterisk is a fake at the edge."""

from dataclasses import dataclass, field

from asterisk_conf import names
from core.errors import Unavailable
from core.events import Event, EventKind
from cti.ami import ActionRefused
from cti.call_control import CallControl
from cti.callers import Callers
from cti.consults import Consults
from cti.dialling import Dialling
from cti.identifying import Identifying
from cti.talk_recorder import TalkRecorder
from cti.transfers import Transfers
from routing.live import LiveAgent
from routing.place import Place
from tests.journeys.floor_house import FakeAsterisk, FloorHouse


class ListeningAsterisk(FakeAsterisk):
    """Takes handlers, keeps the variables of channels and the legs that it is told of, and does not answer,
    or says no to, the actions it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: dict[str, str] = {}
        self.refuses: set[str] = set()
        self.says_no_to: set[str] = set()
        self.legs: list[dict[str, str]] = []
        self.handlers: dict[str, list] = {}
        self.also_standing_by: list[tuple[str, bool]] = []

    def on(self, event, handler, also_standing_by=False) -> None:
        self.also_standing_by.append((event, also_standing_by))
        self.handlers.setdefault(event, []).append(handler)

    async def action(self, name, **fields):
        await super().action(name, **fields)
        if name in self.refuses:
            raise Unavailable("no answer", "")
        if name in self.says_no_to:
            raise ActionRefused("refused", "")
        if name == "Setvar":
            self.variables[fields["Variable"]] = fields["Value"]
        value = self.variables.get(fields["Variable"], "") if name == "Getvar" else ""
        return {"response": "Success", "value": value}

    async def rows(self, _name, **_fields):
        return self.legs

    def tell(self, event: str, **row: str) -> None:
        """An event, to all who listen."""
        for handler in self.handlers.get(event, ()):
            handler(row)


class NoPromises:
    """Nobody was called back."""

    async def task(self, task_id: int) -> None:
        raise AssertionError(f"no promise {task_id} here")


@dataclass
class ControlHouse(FloorHouse):
    """Agent 1001 has been in a talk for 30 s with a caller of the queue general."""

    asterisk: ListeningAsterisk = field(default_factory=ListeningAsterisk)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.settings = self.settings.model_copy(update={"outbound_trunk": "way-out"})
        self.transfers = Transfers(
            self.settings, self.clock, self.store, self.changes, self.asterisk, NoPromises(),
            self.wrap_up_until,
        )  # fmt: skip
        self.consults = Consults(self.settings, self.clock, self.store, self.changes, self.asterisk, self.calls)
        self.callers = Callers(self.clock, self.bus, self.store, self.changes, self.floor, self.asterisk, self.calls)
        self.recorder = TalkRecorder(
            self.settings, self.clock, self.store, self.changes, self.asterisk, self.bus.publish
        )  # fmt: skip
        self.dialling = Dialling(
            self.settings, self.clock, self.store, self.changes, self.floor, self.bus.publish, self.calls
        )  # fmt: skip
        self.refusing: set[int | None] = set()  # customers who want no talk recorded
        self.identifying = Identifying(
            self.clock, self.changes, self.asterisk, self.recorder, lambda customer_id: customer_id in self.refusing
        )  # fmt: skip
        self.control = CallControl(
            self.clock, self.store, self.bus.publish, self.asterisk, self.transfers, self.consults, self.recorder, self.dialling,
            self.identifying,
        )  # fmt: skip
        self.ready_agent("1001")
        self.place: Place = self.queue()
        self.talk(self.place)
        self.later(30, "1001")
        self.leg_of("1001")

    def leg_of(self, agent_id: str) -> None:
        """The leg of the agent's reservation is up."""
        leg = names.agent_leg_id(self.agent(agent_id).token)
        self.asterisk.legs.append({"uniqueid": leg, "channel": f"PJSIP/agent-{agent_id}-1", "channelstatedesc": "Up"})

    def ask(self, what: str, token: int | None = None, **data: str) -> str:
        """The agent's order, obeyed; returns why it was not done, "" when it was."""
        agent: LiveAgent = self.agent()
        event = Event(
            EventKind.CALL_CONTROL_ASKED, self.clock.now(), self.place.interaction_id, "1001",
            {"ask": what, "token": agent.token if token is None else token, "queue": "general", **data},
        )  # fmt: skip
        self.do(self.control.obey(event))
        settled = [each for each in self.events if each.kind is EventKind.CALL_CONTROL_SETTLED][-1]
        assert settled.data["asked"] == event.key
        return settled.data["why"]

    def consult_answered(self) -> None:
        """1002 was asked and has answered."""
        assert self.ask("consult", agent="1002") == ""
        self.do()
        self.calls.leg_answered(self.agent("1002").token)
        self.leg_of("1002")
        self.do()
        self.follow()

    def follow(self) -> None:
        """Consults hear what happened, as the event log tells it."""

        async def hear() -> None:
            for event in list(self.events):
                self.consults.take_note(event)
            await self.a_moment()

        self.do(hear())
        self.do()
