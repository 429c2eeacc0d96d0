"""Changing a customer on their page: field by field, never over what somebody else wrote meanwhile; and taking it back."""

from typing import Annotated, Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from pydantic import Field, TypeAdapter, ValidationError

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.calls_of_customer import end_recordings
from agent_desktop.change_note import author_here
from agent_desktop.customer_page import body_of
from agent_desktop.customer_words import fault_words, field_name, value_words
from agent_desktop.customers import ROLES
from agent_desktop.json_body import Body, json_body
from agent_desktop.problems import WORDS
from agent_desktop.roles import NotAllowed, needs_role, user_here
from agent_desktop.services import services
from core.errors import BadInput
from core.log import get_log
from crm.customer_edits import CustomerFaults, CustomerMoved, Wish, change_customer, is_field, undo_last
from crm.customer_fields import FIELDS, SUPERVISED
from crm.customers import ConsentPurpose

blueprint = Blueprint("customer_changing", __name__, url_prefix="/api/customers")
_log = get_log(__name__)
_RECORDING = f"consent.{ConsentPurpose.RECORDING}"

_Line = Annotated[str, Field(max_length=1000)]
_Typed = _Line | bool | Annotated[list[_Line], Field(max_length=100)]
_WISHES = TypeAdapter(Annotated[list[tuple[_Line, Any, _Typed]], Field(min_length=1, max_length=len(FIELDS))])


@blueprint.post("/<int:customer_id>/changes")
@needs_role(*ROLES)
def change(customer_id: int) -> ResponseReturnValue:
    """`changes` are [field, what was seen in it, what was typed]; all are made or none. Answers the page's new content.

    400 with `faults` for what can't be so; 409 with what is there `now` for what somebody else has changed.
    """
    here, wishes = services(), _wishes(json_body())
    if any(wish.field in SUPERVISED for wish in wishes) and user_here().role not in SUPERVISING_ROLES:
        raise NotAllowed("Supervisors set the segment.", "Ask your supervisor.")
    try:
        with here.database.writing() as session:
            made = change_customer(session, customer_id, wishes, author_here(), here.clock.now(), here.settings.country)
            session.commit()
    except CustomerFaults as why:
        faults = [{"field": fault.field, "words": fault_words(fault)} for fault in why.faults]
        return _refused(why.code, faults=faults)
    except CustomerMoved as why:
        return _refused(why.code, now=_now_json(why))
    if made is not None:
        _log.info("customer_changed", customer_id=customer_id, fields=[field for field, _before, _after in made.changes])
        if any(field == _RECORDING and after and after[0] is False for field, _before, after in made.changes):
            end_recordings(customer_id)
    return jsonify(html=body_of(customer_id), change=made.id if made else None)


@blueprint.post("/<int:customer_id>/undo")
@needs_role(*ROLES)
def undo(customer_id: int) -> ResponseReturnValue:
    """Take the last edit back, which must be `change`. Answers the page's new content; 409 like a change."""
    here, change_id = services(), json_body().number("change")
    try:
        with here.database.writing() as session:
            undone = undo_last(session, customer_id, change_id, author_here(), here.clock.now())
            if {field for field, _before, _after in undone.changes} & SUPERVISED and user_here().role not in SUPERVISING_ROLES:
                raise NotAllowed("Supervisors set the segment.", "Ask your supervisor.")
            session.commit()
    except CustomerMoved as why:
        return _refused(why.code, now=_now_json(why))
    _log.info("customer_change_undone", customer_id=customer_id)
    return jsonify(html=body_of(customer_id))


def _wishes(body: Body) -> list[Wish]:
    try:
        rows = _WISHES.validate_python(body.fields.get("changes"))
    except ValidationError as problem:
        raise BadInput("The field changes is missing or wrong.", "Load the page again.") from problem
    if not all(is_field(field) for field, _seen, _typed in rows) or len({row[0] for row in rows}) < len(rows):
        raise BadInput("There is no such field, or it stands here twice.", "Load the page again.")
    return [Wish(*row) for row in rows]


def _now_json(moved: CustomerMoved) -> list[dict[str, Any]]:
    return [
        {"field": field, "name": field_name(field), "value": value, "words": value_words(field, value), "by": moved.by[field]}
        for field, value in moved.now.items()
    ]


def _refused(code: str, **details: Any) -> ResponseReturnValue:
    status, what, next_step = WORDS[code]
    error = {"code": code, "message": str(what), "next_step": str(next_step), "retryable": False}
    return jsonify(error=error, **details), status
