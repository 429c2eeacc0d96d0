"""Articles beside the call: found by typing, or by what the call is about; read without losing the call."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.knowledge import answers_for, asked_text, read_article
from agent_desktop.knowledge_fit import call_fits
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.services import services
from core.ids import is_id
from crm.knowledge_search import Fits

blueprint = Blueprint("knowledge_desk", __name__, url_prefix="/api/knowledge")


@blueprint.get("")
@needs_role(Role.AGENT)
def panel() -> ResponseReturnValue:
    """The search with what fits the call in hand (`interaction`)."""
    with services().database.reading() as session:
        answers = answers_for(session, "", _fits())
    return render_template("knowledge/panel.html", answers=answers, text="")


@blueprint.get("/search")
@needs_role(Role.AGENT)
def results() -> ResponseReturnValue:
    """The results alone: of `q`, else what fits the call in hand."""
    text = asked_text()
    with services().database.reading() as session:
        answers = answers_for(session, text, _fits())
    return render_template("knowledge/results.html", answers=answers, text=text, beside=True)


@blueprint.get("/<int:article_id>")
@needs_role(Role.AGENT)
def article(article_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        shown = read_article(session, article_id)
    return render_template("knowledge/beside.html", article=shown)


def _fits() -> Fits:
    """What the agent's own call is about; nothing outside of a call."""
    here, interaction_id = services(), request.args.get("interaction", "")
    if not is_id(interaction_id) or here.store.agent(agent_here()).interaction_id != interaction_id:
        return frozenset()
    place = here.store.place(interaction_id)
    return call_fits(place) if place else frozenset()
