"""Customers who are on record twice: the list of those who may be, merging two, and parting them again."""

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.calls_of_customer import tell_merged
from agent_desktop.change_note import author_here
from agent_desktop.customer_page import body_of
from agent_desktop.customer_words import refusal_words
from agent_desktop.json_body import json_body
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from core.log import get_log
from crm.customer_merges import MergeRefused, merge_customers, newest_merges, part_customers
from crm.customers import Customer
from crm.duplicates import Duplicate, all_duplicates

blueprint = Blueprint("customer_merging", __name__)
_SHARED_SHOWN, _MERGES_SHOWN, _LONGEST_VALUE = 25, 15, 254
_log = get_log(__name__)


@blueprint.get("/customers/duplicates")
@needs_role(*SUPERVISING_ROLES)
def page() -> ResponseReturnValue:
    after = request.args.get("after", "")[:_LONGEST_VALUE].replace("\x00", "")
    with services().database.reading() as session:
        pairs, later = all_duplicates(session, after, _SHARED_SHOWN)
        merges = [
            (merge, session.get_one(Customer, merge.kept_id), session.get_one(Customer, merge.away_id))
            for merge in newest_merges(session, _MERGES_SHOWN)
        ]
    return render_template("customers/duplicates.html", pairs=_each_once(pairs), later=later, after=after, merges=merges)


@blueprint.post("/api/customers/<int:customer_id>/merge")
@needs_role(*SUPERVISING_ROLES)
def merge(customer_id: int) -> ResponseReturnValue:
    """Everything of `away` becomes this customer's. Answers the merge, by which it is undone, and the page's new content."""
    here, away_id = services(), json_body().number("away")
    try:
        with here.database.writing() as session:
            made = merge_customers(session, customer_id, away_id, author_here(), here.clock.now())
            session.commit()
            merge_id = made.id
    except MergeRefused as why:
        return _refused(why)
    tell_merged(customer_id, away_id, parted=False)
    _log.info("customers_merged", kept=customer_id, away=away_id)
    return jsonify(merge=merge_id, html=body_of(customer_id))


@blueprint.post("/api/merges/<int:merge_id>/undo")
@needs_role(*SUPERVISING_ROLES)
def part(merge_id: int) -> ResponseReturnValue:
    """The two are two again. Answers the new content of the page of the one who was kept."""
    here = services()
    try:
        with here.database.writing() as session:
            undone = part_customers(session, merge_id, author_here(), here.clock.now())
            session.commit()
            kept_id, away_id = undone.kept_id, undone.away_id
    except MergeRefused as why:
        return _refused(why)
    tell_merged(kept_id, away_id, parted=True)
    _log.info("customers_parted", merge=merge_id)
    return jsonify(html=body_of(kept_id))


def _refused(why: MergeRefused) -> ResponseReturnValue:
    error = {"code": why.code, "message": refusal_words(why.why), "next_step": "", "retryable": False}
    return jsonify(error=error), 409


def _each_once(pairs: list[Duplicate]) -> list[Duplicate]:
    return list({(pair.first.id, pair.second.id): pair for pair in pairs}.values())
