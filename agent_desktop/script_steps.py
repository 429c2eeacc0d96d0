"""Going through the script of the call in hand: answers, another script, and what its buttons do."""

from dataclasses import dataclass

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.json_body import Body, json_body
from agent_desktop.languages import language_here
from agent_desktop.later_calls import LONGEST_TIME, chosen_moment
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.running_script import RunningScript, change_script, keep, running_script, situation_of, tell
from agent_desktop.script_actions import do_action, write_notes
from agent_desktop.services import services
from agent_desktop.work_area import gather, render
from core.errors import BadInput, NotFound
from core.events import EventKind
from crm.customer_card import CustomerCard, customer_card
from routing.agents import find_agent
from routing.live import LiveAgent
from routing.place import Place
from scripts import runner
from scripts.answers import given_answers
from scripts.facts import Situation
from scripts.model import LONGEST_TEXT
from scripts.progress import Progress
from scripts.runner import BACK, Said, open_page

blueprint = Blueprint("script_steps", __name__, url_prefix="/api/script")
_LONGEST_NAME = 40


class AnswerUnfit(BadInput):
    """What was typed in does not answer the question; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__("The answer does not fit the question.", "Correct it.")
        self.code = code


@dataclass(frozen=True, slots=True)
class _InHand:
    """The agent's call, with everything that the script goes by."""

    agent: LiveAgent
    agent_name: str
    place: Place
    card: CustomerCard | None
    known: Situation
    running: RunningScript


@blueprint.post("")
@needs_role(Role.AGENT)
def answer() -> ResponseReturnValue:
    """One answer; gives back the whole work area, so that the page shows what any other tab would."""
    body = json_body()
    call = _in_hand(body)
    running, agent_id = call.running, call.agent.agent_id
    said = Said(
        body.text("script", most=_LONGEST_NAME), body.text("page", most=_LONGEST_NAME), body.text("answer", most=2 * LONGEST_TEXT),
        agent_id,
    )  # fmt: skip
    unfit = runner.misfit(running.script, running.progress, said, call.known.today)
    if unfit is not None:
        raise AnswerUnfit(unfit)
    after = runner.step(running.script, running.progress, said, call.known)
    if after != running.progress:
        running = running.moved(after)
        keep(running)
        _tell_step(call.running, running, said.answer, agent_id)
    return _shown(call, running)


@blueprint.post("/change")
@needs_role(Role.AGENT)
def change() -> ResponseReturnValue:
    """Open another script for this call; the choice is kept, and so is where the one before stood."""
    body = json_body()
    call = _in_hand(body)
    name = body.text("script", most=_LONGEST_NAME)
    if name == call.running.script.name:
        return _shown(call, call.running)
    running = change_script(call.running, name, call.agent.agent_id, call.known)
    if running is None:
        raise NotFound("There is no such script.", "Load the page again.")
    return _shown(call, running)


@blueprint.post("/action")
@needs_role(Role.AGENT)
def action() -> ResponseReturnValue:
    """Press a button of the open page. One of a page that is not open any more does nothing, and the same again neither."""
    body = json_body()
    call = _in_hand(body)
    script, page = body.text("script", most=_LONGEST_NAME), body.text("page", most=_LONGEST_NAME)
    does, at = body.text("does", most=_LONGEST_NAME), body.text("at", most=LONGEST_TIME, default="")
    if (script, page) == (call.running.script.name, call.running.progress.page):
        do_action(call.running, call.place, call.card, call.agent, does, chosen_moment(at) if at else None)
    return _shown(call, call.running)


def _in_hand(body: Body) -> _InHand:
    here, agent_id, interaction_id = services(), agent_here(), body.identifier("interaction_id")
    agent, place = here.store.agent(agent_id), here.store.place(interaction_id)
    if place is None or agent.interaction_id != interaction_id:
        raise NotFound("That call is not in hand.", "Nothing to do.")
    with here.database.reading() as session:
        record = find_agent(session, agent_id)
        card = customer_card(session, place.customer_id, here.clock.now(), here.settings.time_zone) if place.customer_id else None
        known = situation_of(session, agent, place, card)
    running = running_script(place, agent_id, known)
    return _InHand(agent, record.name if record else user_here().name, place, card, known, running)


def _shown(call: _InHand, running: RunningScript) -> ResponseReturnValue:
    """The work area, with the lines that were added to the note."""
    lines = write_notes(running, call.card, call.agent.agent_id, call.agent_name, language_here())
    return jsonify(html=render(gather(user_here(), call.agent)), note=lines)


def _tell_step(before: RunningScript, after: RunningScript, answer: str, agent_id: str) -> None:
    """One event for each step. What was typed in stays with the call: the log only knows that something was."""
    progress: Progress = before.progress
    page = open_page(before.script, progress)
    if answer != BACK and answer not in given_answers(page):
        answer = "typed" if answer.strip() else "empty"
    key = f"{progress.script} {progress.version} {progress.moves}"
    tell(EventKind.SCRIPT_STEP_TAKEN, after, agent_id, key, page=page.name, answer=answer, to=after.progress.page)
