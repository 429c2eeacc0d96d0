"""An agent calls a customer by hand: reserved like for a caller, rung once, and what is on record of it; Asterisk is a fake."""

import pytest
from sqlalchemy import select

from asterisk_conf import names
from core.events import Event, EventKind
from core.ids import new_id
from crm.contact_history import Interaction, Segment
from cti.call_control import CallControl
from cti.call_log import CallLog
from routing.agent_state import AgentState, NotReadyReason
from routing.board import Board
from routing.policy_file import shipped_policy
from tests.journeys.callback_house import NUMBER, CallbackHouse


class DialHouse(CallbackHouse):
    """An agent at a page, with a phone; and orders, obeyed as the leading process does."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.settings = self.settings.model_copy(update={"outbound_trunk": "way-out"})
        self.calls._settings = self.settings
        self.begin_anew()
        self.changes.log_in("1001")
        self.changes.phone_changed("1001", up=True)

    def dial(self, purpose: str = "service", age_s: float = 0.0) -> str:
        """An order of 1001, carried out; why it was not, "" when it was."""
        self.interaction_id = new_id()
        order = Event(
            EventKind.CALL_CONTROL_ASKED, self.clock.now(), self.interaction_id, "1001",
            {"ask": "dial", "number": NUMBER, "purpose": purpose, "queue": "billing", "customer_id": None, "language": "id"},
        )  # fmt: skip
        self.clock.advance(age_s)
        control = CallControl(self.clock, self.store, self.bus.publish, self.asterisk, None, None, None, self.dialling, None)

        async def obey() -> None:
            await control.obey(order)
            await self.a_moment()
            await self.a_moment()  # the page says nothing: the phone rings all the same

        self.do(obey())
        return self.told(EventKind.CALL_CONTROL_SETTLED)[-1].data["why"]

    @property
    def place(self):
        return self.store.place(self.interaction_id)

    def record(self) -> tuple[Interaction | None, list[Segment]]:
        log = CallLog(self.database, self.bus)
        while log.write_next(0):
            pass
        with self.database.reading() as session:
            segments = select(Segment).where(Segment.interaction_id == self.interaction_id).order_by(Segment.id)
            return session.get(Interaction, self.interaction_id), list(session.scalars(segments))


@pytest.fixture
def house(redis_url, database):
    house = DialHouse(redis_url, database=database)
    yield house
    house.close()


def test_their_own_phone_first_then_the_customers_once_with_a_token(house):
    house.changes.make_ready("1001")
    assert house.dial() == ""
    assert house.agent().state is AgentState.RINGING
    assert house.agent().dialled
    house.agent_answers()
    assert house.dialled() == [NUMBER]
    [leg] = house.asterisk.named("Originate")
    assert leg["ChannelId"] == names.agent_leg_id(house.agent().token)
    assert f"__{names.CALLED}={house.agent().token}" in leg["Variable"]
    assert house.told(EventKind.INTERACTION_DIALLED)[0].data["ani"] == NUMBER


def test_who_dials_is_offered_nobody_meanwhile_and_the_line_goes_on_afterwards(house):
    house.ready_agent("1001", billing=5)
    house.dial()
    waiting = house.queue(3, queue="billing")
    house.do()
    assert house.agent().interaction_id == house.interaction_id
    assert waiting.interaction_id in house.store.snapshot().line
    house.agent_answers()
    house.agent_hangs_up()
    house.wrap_up_ends(house.place)
    assert house.agent().interaction_id == waiting.interaction_id


def test_a_reached_customer_is_on_record_as_called_by_us_and_offered_to_no_queue(house):
    house.dial("sales")
    house.agent_answers()
    house.later(6, "1001")
    house.customer_answers(house.place)
    house.later(60, "1001")
    house.customer(house.place, "Hangup", cause="16")
    assert house.asterisk.named("Hangup"), "the agent's leg ends with theirs"
    house.agent_hangs_up()
    house.later(20, "1001")
    house.wrap_up_ends(house.place)
    interaction, segments = house.record()
    assert (interaction.direction, interaction.purpose, interaction.outcome, interaction.ani) == ("out", "sales", "reached", NUMBER)
    assert interaction.offered_at is None
    assert [(each.kind, each.agent_id) for each in segments] == [("RING", "1001"), ("TALK", "1001"), ("WRAP_UP", "1001")]
    assert [(each.ended_at - each.started_at).total_seconds() for each in segments] == [6, 60, 20]
    assert [
        event.kind
        for event in house.bus.read("0-0")
        if event.kind in (EventKind.INTERACTION_ANSWERED, EventKind.INTERACTION_QUEUED)
    ] == []


@pytest.mark.parametrize(
    ("cause", "after_s", "why"),
    [
        ("17", 3, "busy"),
        ("21", 3, "refused"),
        ("1", 1, "wrong_number"),
        ("16", 25, "no_answer"),
        ("16", 5, "gave_up"),
        ("42", 1, "failed"),
    ],
)
def test_who_is_not_reached_is_on_record_with_the_reason_and_the_page_has_it(house, cause, after_s, why):
    house.dial()
    house.agent_answers()
    house.later(after_s, "1001")
    house.customer(house.place, "Hangup", cause=cause)
    house.agent_hangs_up()
    assert house.agent().state is AgentState.WRAP_UP
    assert house.place.missed == why
    interaction, segments = house.record()
    assert (interaction.outcome, segments[0].kind, segments[0].detail) == ("not_reached", "RING", why)
    assert interaction.ended_at is not None
    assert [segment.kind for segment in segments] == ["RING", "WRAP_UP"]
    assert len(house.told(EventKind.DIAL_MISSED)) == 1


@pytest.mark.parametrize("theirs_first", [True, False])
def test_asterisk_may_tell_of_the_two_legs_in_either_order(house, theirs_first):
    house.dial()
    house.agent_answers()
    house.later(2, "1001")
    token = house.agent().token
    known = f"{names.INTERACTION}={house.interaction_id}\n{names.CALLED}={token}"
    theirs = {"channel": "PJSIP/trunk-1", "uniqueid": "7", "chanvariable": known, "cause": "21"}
    own = {"channel": "PJSIP/agent-1001-1", "uniqueid": names.agent_leg_id(token), "cause": "16"}

    async def tell() -> None:
        for row in (theirs, own) if theirs_first else (own, theirs):
            house.asterisk.tell("Hangup", **row)
            await house.a_moment()
        await house.a_moment()

    house.do(tell())
    assert (house.agent().state, house.place.missed) == (AgentState.WRAP_UP, "refused")
    assert house.record()[1][0].detail == "refused"


def test_where_no_leg_ever_began_the_end_of_the_agents_own_says_that_it_failed(house):
    house.dial()
    house.agent_answers()
    house.agent_hangs_up()
    assert (house.agent().state, house.place.missed) == (AgentState.WRAP_UP, "failed")
    assert house.record()[0].outcome == "not_reached"


def test_an_agents_own_phone_that_is_not_answered_is_no_missed_call_and_nothing_is_on_record(house):
    house.changes.make_ready("1001")
    house.dial()
    house.calls.leg_ended(house.agent().token, "19")
    house.do()
    assert house.agent().state is AgentState.READY
    assert house.place is None
    assert house.record()[0] is None


@pytest.mark.parametrize("ends", ["own_phone_silent", "wrap_up"])
def test_who_was_not_ready_is_so_again_for_the_same_reason(house, ends):
    house.changes.make_not_ready("1001", NotReadyReason.PAPERWORK)
    house.dial()
    if ends == "wrap_up":
        house.agent_answers()
        house.agent_hangs_up()
        house.wrap_up_ends(house.place)
    else:
        house.calls.leg_ended(house.agent().token, "19")
    assert (house.agent().state, house.agent().reason) == (AgentState.NOT_READY, "paperwork")
    assert not house.agent().dialled


def test_nobody_is_called_by_an_order_that_came_late_or_of_who_has_no_phone_or_is_busy(house):
    assert house.dial(age_s=7) == "late"
    house.changes.phone_changed("1001", up=False)
    assert house.dial() == "phone_away"
    house.changes.phone_changed("1001", up=True)
    house.ready_agent("1001")
    house.queue(1)
    house.do()
    assert house.dial() == "illegal_change"
    assert house.dialled() == []


def test_while_cti_was_away_the_customer_answered_and_is_found_in_the_talk(house):
    house.dial()
    house.agent_answers()
    customer, own = house.customers_leg(house.place), house.agents_leg()
    house.later(10, "1001")
    house.resync(own, customer)
    assert house.agent().state is AgentState.TALKING
    assert house.place.channel == customer["channel"]
    assert house.told(EventKind.DIAL_PICKED_UP)
    assert house.record()[0].outcome == "reached"


def test_while_cti_was_away_their_phone_rang_on_and_is_not_rung_again(house):
    house.dial()
    house.agent_answers()
    house.later(10, "1001")
    house.resync(house.agents_leg(), house.customers_leg(house.place, state="Ringing"))
    assert (house.agent().state, house.place.channel) == (AgentState.TALKING, "")
    assert house.record()[0].ended_at is None
    assert len(house.asterisk.named("Originate")) == 1


def test_while_cti_was_away_the_whole_call_ended(house):
    house.dial()
    house.agent_answers()
    house.later(10, "1001")
    house.resync()
    assert (house.agent().state, house.place.missed) == (AgentState.WRAP_UP, "failed")
    interaction, _segments = house.record()
    assert (interaction.outcome, interaction.ended_at is not None) == ("not_reached", True)
    house.wrap_up_ends(house.place)
    assert house.place is None


def test_whom_an_agent_calls_never_stands_in_line_though_the_agents_phone_is_lost(house):
    house.dial()
    house.agent_answers()
    house.do(house.calls.phone_lost(house.agent()))
    assert (house.agent().state, house.agent().reason) == (AgentState.NOT_READY, "device")
    assert house.store.snapshot().line == {}
    assert house.place is None
    assert house.record()[0].outcome == "not_reached"


@pytest.mark.parametrize("chosen", [None, NotReadyReason.MEAL])
def test_from_a_wrap_up_they_are_called_at_once_and_it_is_done(house, chosen):
    house.dial()
    house.agent_answers()
    house.customer_answers(house.place)
    house.later(20, "1001")
    house.customer(house.place, "Hangup", cause="16")
    house.agent_hangs_up()
    first = house.interaction_id
    house.later(5, "1001")
    if chosen is not None:
        house.changes.choose_after_call("1001", chosen)
    assert house.dial() == ""
    assert house.agent().state is AgentState.RINGING
    assert set(house.store.snapshot().taken) == {house.interaction_id}
    assert len(house.asterisk.named("Originate")) == 2
    second = house.interaction_id
    house.interaction_id = first
    _interaction, segments = house.record()
    assert [(each.kind, (each.ended_at - each.started_at).total_seconds()) for each in segments][-1] == ("WRAP_UP", 5)
    house.interaction_id = second
    house.agent_answers()
    house.agent_hangs_up()
    house.wrap_up_ends(house.place)
    assert (house.agent().state, house.agent().reason) == (AgentState.NOT_READY, chosen or NotReadyReason.LOGGED_IN)


def test_the_wallboard_counts_no_caller_for_it(house):
    house.dial()
    board = Board(shipped_policy().policy, {}, "Asia/Jakarta")
    board.start(house.store.snapshot(), [], house.clock.now())
    for event in house.bus.read("0-0"):
        board.apply(event, house.clock.now())
    assert board.callers() == []
    assert board.agents["1001"].state is AgentState.RINGING
    assert board.counts("billing", house.clock.now()).offered == 0
