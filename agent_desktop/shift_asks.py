"""Offers and swaps of shifts: made, taken, accepted, declined, taken back; every step checks the rules anew."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.json_body import json_body
from agent_desktop.own_shifts import surroundings_here
from agent_desktop.planning_pages import day_field
from agent_desktop.problems import answer
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.services import services
from agent_desktop.shift_news import ShiftChange, tell_shifts, tell_swap
from agent_desktop.shift_words import broken_of
from agent_desktop.texts import _, ngettext
from routing.agents import find_agent
from workforce.ask_errors import NotTheirShift, RulesBroken
from workforce.roster_records import AskState, ShiftSwap
from workforce.roster_swaps import accept_swap, ask_swap, decline_swap, offer_shift, take_offer, withdraw_swap
from workforce.swap_fit import is_for, who_could_take

blueprint = Blueprint("shift_asks", __name__, url_prefix="/api/shifts")


@blueprint.post("/offer")
@needs_role(Role.AGENT)
def offer() -> ResponseReturnValue:
    """The own shift of `day`, to everybody who may take it."""
    agent_id, day, around = agent_here(), day_field(json_body().text("day", most=10)), surroundings_here()
    with services().database.writing() as session:
        takers = who_could_take(session, around, agent_id, day)
        asked = offer_shift(session, around, agent_id, day)
        session.commit()
    tell_shifts(ShiftChange.OFFERED, day, [agent_id, *takers], agent_id, asked.id)
    if not takers:
        return jsonify(words=_("Offered. Nobody may take it yet."))
    return jsonify(words=ngettext("Offered to %(num)d colleague.", "Offered to %(num)d colleagues.", len(takers)))


@blueprint.post("/swap")
@needs_role(Role.AGENT)
def swap() -> ResponseReturnValue:
    """The own shift of `day` for that of the colleague `agent` on `instead`."""
    agent_id, body, around = agent_here(), json_body(), surroundings_here()
    day, instead = (day_field(body.text(name, most=10)) for name in ("day", "instead"))
    other = body.text("agent", most=36)
    with services().database.writing() as session:
        if other == agent_id or find_agent(session, other) is None:
            raise NotTheirShift("There is no such colleague.", "Choose one of the list.")
        try:
            asked = ask_swap(session, around, (agent_id, day), (other, instead))
        except RulesBroken as broken:
            return _told_why(broken, agent_id)
        session.commit()
    tell_shifts(ShiftChange.SWAP_ASKED, instead, [agent_id, other], agent_id, asked.id)
    return jsonify(words=_("Asked. You are told as soon as they answer."))


@blueprint.post("/asks/<int:swap_id>/<any(take, accept):_step>")
@needs_role(Role.AGENT)
def agree(swap_id: int, _step: str) -> ResponseReturnValue:
    """Take an offer, or accept a swap. Raises NotTheirShift for an offer to agents of other queues."""
    agent_id, around = agent_here(), surroundings_here()
    with services().database.writing() as session:
        try:
            if _step == "take":
                known = session.get(ShiftSwap, swap_id)
                if known is not None and not is_for(session, around, known, agent_id):
                    raise NotTheirShift("This agent may not take it.", "Look at the offers again.")
                asked = take_offer(session, around, swap_id, agent_id)
            else:
                asked = accept_swap(session, around, swap_id, agent_id)
        except RulesBroken as broken:
            return _told_why(broken, agent_id)
        session.commit()
    tell_swap(asked, agent_id)
    done = asked.state == AskState.GRANTED
    return jsonify(words=_("Done: it is in your shifts.") if done else _("Agreed. A planner decides, and you are told."))


@blueprint.post("/asks/<int:swap_id>/<any(decline, withdraw):step>")
@needs_role(Role.AGENT)
def end(swap_id: int, step: str) -> ResponseReturnValue:
    """Say no to a swap, or take back what one asked for."""
    agent_id, now = agent_here(), services().clock.now()
    with services().database.writing() as session:
        ended = decline_swap if step == "decline" else withdraw_swap
        asked = ended(session, swap_id, agent_id, now)
        session.commit()
    tell_swap(asked, agent_id)
    return jsonify(words=_("Declined.") if step == "decline" else _("Taken back."))


def _told_why(broken: RulesBroken, agent_id: str) -> ResponseReturnValue:
    """Own rules in full; of a colleague only that there is one: their hours are their own."""
    lines = broken_of(broken, agent_id)
    what = "; ".join(lines) if lines else _("A rule of working hours does not allow it for your colleague.")
    return answer(broken.code, retryable=False, said=(f"{what}." if lines else what, _("Choose another shift or colleague.")))
