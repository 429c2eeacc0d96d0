"""Publishing a flow from its page, bringing a version back, and how far that is: asked here, done by the worker, pushed back."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES, User
from agent_desktop.change_note import author_here, note_of
from agent_desktop.flow_editor import others_here
from agent_desktop.flow_remark_words import remark_in_words
from agent_desktop.flow_texts import check_flow, keep_text, number_of, problems_of
from agent_desktop.json_body import json_body
from agent_desktop.roles import needs_role, user_here
from agent_desktop.sent_text import text_of, unwritable_line
from agent_desktop.services import services
from agent_desktop.status_stream import BEAT_S, others_told, status_stream
from core.errors import HaloError, Unavailable
from core.events import Event, EventKind
from core.log import get_log
from ivr.flow_form import LONGEST_FLOW
from ivr.flow_orders import FlowOrder, State, Way, Wish, newest_order, order_of, place_order
from ivr.flow_remark import Remark, remarks_to_json
from ivr.flow_versions import in_force, version_of
from ivr.publication import Overtaken

_log = get_log(__name__)

blueprint = Blueprint("flow_publishing", __name__)


class HasFaults(HaloError):
    """The flow has faults that callers would meet."""

    code = "flow_faults"


class UnderWay(HaloError):
    """Another order for this flow is being worked on."""

    code = "order_under_way"
    retryable = True


@blueprint.post("/api/flows/<flow>/publish")
@needs_role(*SUPERVISING_ROLES)
def publish(flow: str) -> ResponseReturnValue:
    """Order the draft to be published."""
    check_flow(flow)
    body = json_body()
    text, note, based_on = text_of(body.fields, LONGEST_FLOW), note_of(body), body.number("based_on")
    if unwritable_line(text) or any(problem.serious for problem in problems_of(text, flow)):
        raise HasFaults("The flow has faults.", "Mend what is listed.")
    mark = keep_text(flow, text, based_on, body.text("mark", most=36))
    wish = _wish(flow, Way.PUBLISH, based_on, content=text, note=note, anyway=body.yes_or_no("anyway", False))
    return jsonify(order=_order(wish), mark=mark), 202


@blueprint.post("/api/flows/<flow>/bring-back")
@needs_role(*SUPERVISING_ROLES)
def bring_back(flow: str) -> ResponseReturnValue:
    """Order an earlier version to be put in force again."""
    check_flow(flow)
    body = json_body()
    number = body.number("number")
    with services().database.reading() as session:
        version_of(session, flow, number)
    return jsonify(order=_order(_wish(flow, Way.BRING_BACK, body.number("based_on"), number=number))), 202


@blueprint.get("/events/flows/<flow>")
@needs_role(*SUPERVISING_ROLES)
def stream(flow: str) -> ResponseReturnValue:
    """Server-sent: what is in force, who else edits, and the newest order; now, and whenever one of these changes."""
    check_flow(flow)
    user = user_here()

    def wanted(event: Event) -> bool:
        return event.kind is EventKind.FLOW_ORDER_CHANGED and event.data.get("flow") == flow

    return status_stream("flow", wanted, lambda: _status(flow, user))


def _wish(flow: str, way: Way, based_on: int, **further: Any) -> Wish:
    return Wish(flow, way, based_on, user_here().login, author_here(), **further)


def _order(wish: Wish) -> str:
    """Write the order down and have it worked on. Raises UnderWay, Overtaken, Unavailable."""
    here = services()
    with here.database.writing() as session:
        if number_of(in_force(session, wish.flow, lock=True)) != wish.based_on:
            raise Overtaken("Another version came into force meanwhile.", "Look at what it changes.")
        before = newest_order(session, wish.flow)
        if before is not None and not State(before.state).over:
            raise UnderWay("Another order for this flow is under way.", "Wait for its end.")
        order_id = place_order(session, wish, here.clock.now()).id
        session.commit()
    _log.info("flow_order_placed", flow=wish.flow, way=wish.way.value, user_id=user_here().id)
    try:
        here.press.begin(order_id)
    except Unavailable as problem:
        with here.database.writing() as session:
            order = order_of(session, order_id)
            order.state, order.told = State.FAILED, remarks_to_json([Remark(str(problem))])
            session.commit()
        raise
    return order_id


def _status(flow: str, user: User) -> dict[str, object]:
    with services().database.reading() as session:
        current, order = in_force(session, flow), newest_order(session, flow)
        return {
            "in_force": {
                "number": number_of(current),
                "by": current.made_by if current else "",
                "note": current.note if current else "",
            },
            "others": others_told(others_here(session, flow, user)),
            "order": _told(order, user) if order else None,
        }


def _told(order: FlowOrder, user: User) -> dict[str, object]:
    waits_s = (services().clock.now() - order.asked_at).total_seconds()
    return {
        "id": order.id, "way": order.way, "state": order.state, "step": order.step, "done": order.done, "of": order.of,
        "version": order.version, "based_on": order.based_on, "by": order.by, "mine": order.login == user.login,
        "findings": [remark_in_words(remark) for remark in order.remarks],
        "late": order.state == State.WAITING and waits_s > 2 * BEAT_S,
    }  # fmt: skip
