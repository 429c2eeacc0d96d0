"""Supervisors' page of offers: what was offered and taken, what it brought beside the comparison group, why there was none."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.offer_words import kind_words, not_this_words, why_words
from agent_desktop.offers_picture import bars, forest
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from core.errors import BadInput
from crm.offers.report import offer_report

blueprint = Blueprint("offers", __name__, url_prefix="/offers")
SPANS_DAYS = (7, 30, 90, 365)
_USUAL_DAYS = 90


@blueprint.get("")
@needs_role(*SUPERVISING_ROLES)
def page() -> ResponseReturnValue:
    """The report of the last days."""
    here, days = services(), _days()
    now, terms = here.clock.now(), here.offer_terms.current()
    with here.database.reading() as session:
        found = offer_report(session, now - timedelta(days=days), now, terms, now)
    scripts = {one.script.name: one.script.title for one in here.scripts.current().versions}
    parts = (found.whole, *found.by_kind, *found.by_script)
    return render_template(
        "offers.html", report=found, terms=terms, days=days, spans=SPANS_DAYS, scripts=scripts,
        forest=forest([part.uplift.rate for part in parts]),
        whys=bars([(why_words(why), count) for why, count in found.whys]),
        passed=bars([(not_this_words(why), count) for why, count in found.passed_over]), kind_words=kind_words,
    )  # fmt: skip


def _days() -> int:
    text = request.args.get("days", str(_USUAL_DAYS))
    if text not in {str(days) for days in SPANS_DAYS}:
        raise BadInput("There is no such span of days.", f"Use one of: {', '.join(map(str, SPANS_DAYS))}.")
    return int(text)
