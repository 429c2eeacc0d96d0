"""What the agent wants done with the call in hand: checked here, told to the cti process by the event log."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.audit_trail import tell_dial_refused
from agent_desktop.dial_limits import DialKind, DialledTooOften
from agent_desktop.dialling import refusal, rule_here
from agent_desktop.hand_over_targets import Colleague, Line, colleagues, lines
from agent_desktop.hand_over_words import WHY
from agent_desktop.json_body import json_body
from agent_desktop.languages import language_here
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.script_panel import where_it_stands
from agent_desktop.services import services
from core.errors import BadInput, NotFound
from core.events import Event, EventKind
from crm.customers import Customer
from crm.hand_over_cards import LONGEST_NOTE, HandOverCard
from crm.lookup import current_id
from crm.outside_numbers import NumberRefused, outside_number
from routing.agent_state import AgentState
from routing.agents import name_of_agent
from routing.live import LiveAgent
from routing.place import Place

blueprint = Blueprint("call_orders", __name__, url_prefix="/api")
_RECORDING_ORDERS = {"pause": "pause_recording", "on": "record_on", "refuse": "refuse_recording"}
_LONGEST_NAME, _LONGEST_NUMBER, _LONGEST_CODE = 40, 40, 20


@dataclass(frozen=True, slots=True)
class Targets:
    """To whom a caller can be handed over; `outside`: whether there is a line out."""

    lines: tuple[Line, ...]
    colleagues: tuple[Colleague, ...]
    outside: bool


@blueprint.get("/hand-over")
@needs_role(Role.AGENT)
def choose() -> ResponseReturnValue:
    """The dialog: to whom, why, and what they should know."""
    here, agent_id = services(), agent_here()
    agent = here.store.agent(agent_id)
    talk_in_hand(agent, agent.interaction_id)
    snapshot = here.store.snapshot()
    targets = Targets(
        lines(here.policy(), snapshot, language_here()), colleagues(agent_id, snapshot), bool(here.settings.outbound_trunk)
    )
    note = here.memory.draft(agent_id, agent.interaction_id).note[:LONGEST_NOTE]
    return render_template("desk/hand_over.html", targets=targets, why=WHY, note=note, most=LONGEST_NOTE)


@blueprint.post("/hand-over")
@needs_role(Role.AGENT)
def hand_over() -> ResponseReturnValue:
    """Hand the caller over: to a queue, an agent or a number outside. What came of it is told by the stream."""
    here, agent_id, body = services(), agent_here(), json_body()
    agent = here.store.agent(agent_id)
    place = talk_in_hand(agent, body.identifier("interaction_id"))
    how, to = body.text("how", most=_LONGEST_CODE), body.text("to", most=_LONGEST_NUMBER)
    why, note = body.text("why", most=_LONGEST_CODE, default=""), body.text("note", most=LONGEST_NOTE, default="")
    if why and why not in WHY:
        raise BadInput("There is no such reason.", "Load the page again.")
    try:
        asks = target(how, to, place, agent_id)
        count_outside(agent_id, asks)
    except (NumberRefused, DialledTooOften) as refused:
        tell_dial_refused(agent_id, "hand_over", "", refused.code)
        return refusal(refused, here.clock.now())
    leave_card(agent_id, place, why, note)
    return jsonify(asked=ask(agent, how, asks))


@blueprint.post("/consult")
@needs_role(Role.AGENT)
def consult() -> ResponseReturnValue:
    """Ask a colleague or a number outside first, while the caller hears music."""
    here, agent_id, body = services(), agent_here(), json_body()
    agent = here.store.agent(agent_id)
    place = talk_in_hand(agent, body.identifier("interaction_id"))
    how, to = body.text("how", most=_LONGEST_CODE), body.text("to", most=_LONGEST_NUMBER)
    if how == "queue":
        raise BadInput("A queue can't be asked.", "Choose a colleague or a number.")
    try:
        asks = target(how, to, place, agent_id)
        count_outside(agent_id, asks)
    except (NumberRefused, DialledTooOften) as refused:
        tell_dial_refused(agent_id, "consult", "", refused.code)
        return refusal(refused, here.clock.now())
    why, note = body.text("why", most=_LONGEST_CODE, default=""), body.text("note", most=LONGEST_NOTE, default="")
    leave_card(agent_id, place, why if why in WHY else "", note)
    return jsonify(asked=ask(agent, "consult", asks))


@blueprint.post("/consult/<any(swap, merge, complete, drop):step>")
@needs_role(Role.AGENT)
def consult_step(step: str) -> ResponseReturnValue:
    """Speak with the other one, all three together, hand over, or back to the caller."""
    agent = services().store.agent(agent_here())
    talk_in_hand(agent, json_body().identifier("interaction_id"))
    return jsonify(asked=ask(agent, step, {}))


@blueprint.post("/recording/<any(pause, on, refuse):step>")
@needs_role(Role.AGENT)
def recording_step(step: str) -> ResponseReturnValue:
    """The recording of the talk rests, goes on, or is given up because the caller objects."""
    agent = services().store.agent(agent_here())
    talk_in_hand(agent, json_body().identifier("interaction_id"))
    return jsonify(asked=ask(agent, _RECORDING_ORDERS[step], {}))


@blueprint.post("/identify")
@needs_role(Role.AGENT)
def identify() -> ResponseReturnValue:
    """The caller is this customer."""
    here, body = services(), json_body()
    agent = here.store.agent(agent_here())
    talk_in_hand(agent, body.identifier("interaction_id"))
    with here.database.reading() as session:
        customer = session.get(Customer, current_id(session, body.number("customer")))
    if customer is None:
        raise NotFound("There is no such customer.", "Search again.")
    return jsonify(asked=ask(agent, "identify", {"customer": customer.id}))


def talk_in_hand(agent: LiveAgent, interaction_id: str) -> Place:
    """The place of the caller whom this agent talks with. Raises NotFound when there is no such talk."""
    place = services().store.where(interaction_id)[1] if interaction_id else None
    if place is None or agent.interaction_id != interaction_id or agent.state is not AgentState.TALKING or not agent.holds_caller:
        raise NotFound("That call is not in hand.", "Nothing to do.")
    return place


def target(how: str, to: str, place: Place, own: str) -> Mapping[str, str]:
    """Where an order leads, checked: queue, agent, number. Raises BadInput, NotFound, NumberRefused."""
    here = services()
    match how:
        case "queue":
            return {"queue": here.policy().queue(to).name}
        case "agent":
            if to == own or to not in {each.agent_id for each in colleagues(own, here.store.snapshot()) if each.takes_calls}:
                raise NotFound("That agent is not there.", "Choose another.")
            return {"queue": place.queue, "agent": to}
        case "outside" if here.settings.outbound_trunk:
            return {"queue": place.queue, "number": outside_number(to, rule_here().numbers)}
        case _:
            raise BadInput("Nobody can be called that way.", "Load the page again.")


def count_outside(agent_id: str, asks: Mapping[str, str]) -> None:
    """Where a number outside would be called, that is one more of this agent's. Raises DialledTooOften."""
    here = services()
    if "number" in asks:
        here.dial_limits.take(agent_id, DialKind.OUTSIDE, here.clock.now())


def leave_card(agent_id: str, place: Place, why: str, note: str) -> None:
    """What whoever has the caller next will see."""
    here = services()
    with here.database.reading() as session:
        name = name_of_agent(session, agent_id)
        script = where_it_stands(session, here.store.agent(agent_id), place, name)
    with here.database.writing() as session:
        session.add(
            HandOverCard(
                interaction_id=place.interaction_id, agent_id=agent_id, agent_name=name, at=here.clock.now(), queue=place.queue,
                why=why, note=note, script=script,
            )
        )  # fmt: skip
        session.commit()


def ask(agent: LiveAgent, what: str, asks: Mapping[str, object]) -> str:
    """Tell the cti process what is wanted; returns the key by which the stream tells what came of it."""
    here = services()
    told = Event(
        EventKind.CALL_CONTROL_ASKED, here.clock.now(), interaction_id=agent.interaction_id, agent_id=agent.agent_id,
        data={"ask": what, "token": agent.token, **asks},
    )  # fmt: skip
    here.bus.publish(told)
    return told.key
