"""What the page does about the call in hand: the pop was shown, notes, the disposition."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.desk_memory import Draft
from agent_desktop.json_body import json_body
from agent_desktop.own_day import day_start
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.running_script import tell_ended
from agent_desktop.services import services
from agent_desktop.work_area import facts, gather, render, wrap_up_rule
from agent_desktop.wrap_up import LONGEST_NOTE, WrapUp, save_wrap_up, was_theirs
from core.errors import HaloError, NotFound
from core.events import Event, EventKind
from crm.contact_history import Interaction, Outcome
from crm.hand_over_cards import cards_of
from routing.agent_changes import StaleReservation
from routing.agent_state import AgentState, IllegalChange
from scripts import dispositions

blueprint = Blueprint("call", __name__, url_prefix="/api")
_LONGEST_CODE = 40


class NoLonger(HaloError):
    """The wrap-up lasts as long as it may."""

    code = "wrap_up_longest"


@blueprint.post("/pop-shown")
@needs_role(Role.AGENT)
def pop_shown() -> ResponseReturnValue:
    """The page has painted the caller: now the phone may ring. Only for the agent's own reservation in force."""
    here, agent_id, body = services(), agent_here(), json_body()
    interaction_id, token = body.identifier("interaction_id"), body.number("token")
    agent = here.store.agent(agent_id)
    if agent.token != token or agent.interaction_id != interaction_id:
        raise StaleReservation("That reservation is not this agent's, or over.", "Nothing to do.")
    here.bus.publish(
        Event(EventKind.POP_SHOWN, here.clock.now(), interaction_id=interaction_id, agent_id=agent_id, data={"token": token})
    )
    return jsonify(shown=True)


@blueprint.post("/draft")
@needs_role(Role.AGENT)
def keep_draft() -> ResponseReturnValue:
    here, agent_id, body = services(), agent_here(), json_body()
    draft = Draft(note=body.text("note", most=LONGEST_NOTE), code=body.text("code", most=_LONGEST_CODE, default=""))
    interaction_id = body.identifier("interaction_id")
    before = here.memory.draft(agent_id, interaction_id)
    here.memory.keep_draft(agent_id, interaction_id, draft)
    agent = here.store.agent(agent_id)
    if draft.code == before.code or agent.interaction_id != interaction_id:
        return jsonify(kept=True)
    return jsonify(kept=True, html=render(gather(user_here(), agent)))  # how it ended says whether anything may be offered


@blueprint.post("/disposition")
@needs_role(Role.AGENT)
def save_disposition() -> ResponseReturnValue:
    """Commit, then finish the wrap-up, then tell. The same again changes nothing."""
    here, agent_id, body = services(), agent_here(), json_body()
    interaction_id = body.identifier("interaction_id")
    wrap_up = WrapUp(interaction_id, body.text("code", most=_LONGEST_CODE), body.text("note", most=LONGEST_NOTE, default=""))
    ready_after = body.yes_or_no("ready_after", default=True)
    now = here.clock.now()
    in_hand = here.store.agent(agent_id).interaction_id
    save_wrap_up(here.database, agent_id, wrap_up, in_hand, day_start(now, here.settings.time_zone), now)
    agent = here.changes.finish_wrap_up(agent_id, interaction_id, ready_after)
    if agent.state is AgentState.TALKING and agent.interaction_id == interaction_id:
        here.memory.keep_draft(agent_id, interaction_id, Draft(wrap_up.note, wrap_up.code))  # the wrap-up opens with it
    else:
        here.memory.drop_draft(agent_id, interaction_id)
    here.bus.publish(
        Event(EventKind.DISPOSITION_SAVED, now, interaction_id=interaction_id, agent_id=agent_id, data={"code": wrap_up.code})
    )
    tell_ended(interaction_id, agent_id, wrap_up.code)
    return jsonify(facts(agent, here.clock.now()))


@blueprint.post("/wrap-up/extend")
@needs_role(Role.AGENT)
def extend_wrap_up() -> ResponseReturnValue:
    """Put the end of the wrap-up off, where the queue's rule allows it, and as far as it does."""
    here, agent_id, interaction_id = services(), agent_here(), json_body().identifier("interaction_id")
    agent = here.store.agent(agent_id)
    if agent.state is not AgentState.WRAP_UP or agent.interaction_id != interaction_id:
        raise IllegalChange("There is no wrap-up that could last longer.", "Nothing to do.")
    until = wrap_up_rule(agent).extended(agent.since, agent.deadline)
    if until is None or not here.changes.extend_wrap_up(agent, until):
        raise NoLonger("This wrap-up can't last any longer.", "Save it, or finish it later.")
    return jsonify(facts(here.store.agent(agent_id), here.clock.now()))


@blueprint.get("/unfinished/<interaction_id>")
@needs_role(Role.AGENT)
def unfinished(interaction_id: str) -> ResponseReturnValue:
    """The form for a wrap-up whose time ran out, with what had been typed."""
    here, agent_id = services(), agent_here()
    since = day_start(here.clock.now(), here.settings.time_zone)
    with here.database.reading() as session:
        interaction = session.get(Interaction, interaction_id)
        if interaction is None or not was_theirs(session, interaction, agent_id, since):
            raise NotFound("There is no such interaction.", "Nothing to do.")
        handed_over = any(card.agent_id == agent_id for card in cards_of(session, [interaction_id]))
        who = f"{interaction.customer.honorific} {interaction.customer.name}".strip() if interaction.customer else ""
    return render_template(
        "desk/unfinished.html", interaction=interaction, who=who, draft=here.memory.draft(agent_id, interaction_id),
        dispositions=dispositions.offered(interaction.queue, handed_over, interaction.outcome == Outcome.NOT_REACHED),
    )  # fmt: skip
