"""A customer on one page, and the page where one is looked for."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.called_about import ORDERS, CalledAbout
from agent_desktop.customer_view import CustomerPage, customer_page, older
from agent_desktop.customer_words import field_name, segment_words, value_words
from agent_desktop.customers import ROLES, found_here
from agent_desktop.roles import needs_role, user_here
from crm.customer_card import ALL, BESIDE_A_CALL
from crm.customer_fields import CONSENTS, SEGMENTS
from crm.customer_history import read_mark
from crm.customer_search import LONGEST_SEARCH
from crm.customers import ConsentPurpose

blueprint = Blueprint("customer_page", __name__, url_prefix="/customers")
_MOST_FOUND = 30


@blueprint.get("")
@needs_role(*ROLES)
def find() -> ResponseReturnValue:
    return render_template("customers/find.html", typed=request.args.get("q", "")[:LONGEST_SEARCH], found=found_here(_MOST_FOUND))


@blueprint.get("/found")
@needs_role(*ROLES)
def found() -> ResponseReturnValue:
    """The list without its page, while somebody types."""
    typed = request.args.get("q", "")[:LONGEST_SEARCH]
    return render_template("customers/found.html", typed=typed, found=found_here(_MOST_FOUND))


@blueprint.get("/<int:customer_id>")
@needs_role(*ROLES)
def page(customer_id: int) -> ResponseReturnValue:
    """`papers=all`: every order, bill and ticket, not only the first few."""
    shown = customer_page(user_here(), customer_id, ALL if request.args.get("papers") == "all" else BESIDE_A_CALL)
    if shown.card.customer_id != customer_id:
        return redirect(url_for(".page", customer_id=shown.card.customer_id))
    return render_template("customers/page.html", **_context(shown))


@blueprint.get("/<int:customer_id>/history")
@needs_role(*ROLES)
def history(customer_id: int) -> ResponseReturnValue:
    """The interactions from `after` on, without their page."""
    shown = older(user_here(), customer_id, read_mark(request.args.get("after", "")))
    return render_template("customers/history.html", history=shown, customer_id=customer_id)


def body_of(customer_id: int) -> str:
    """The page's content as it is now, to be put in the place of what was there."""
    return render_template("customers/body.html", **_context(customer_page(user_here(), customer_id)))


def _context(shown: CustomerPage) -> dict[str, object]:
    known = SEGMENTS if shown.card.segment in SEGMENTS else (*SEGMENTS, shown.card.segment)
    return {
        "shown": shown, "about": CalledAbout(ORDERS), "field_name": field_name, "value_words": value_words,
        "segments": [(code, segment_words(code)) for code in known], "purposes": [purpose.value for purpose in ConsentPurpose],
        "consents": {field: shown.values[field] for field in CONSENTS},
    }  # fmt: skip
