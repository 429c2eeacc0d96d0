"""The call script beside the call: its open page, what was answered and done so far, and which other scripts there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from agent_desktop.languages import language_here
from agent_desktop.running_script import RunningScript, running_script, situation_of, speaking_language
from agent_desktop.script_fields import fields_of_call
from agent_desktop.services import services
from crm.customer_card import CustomerCard
from crm.customers import Language
from crm.offers.spoken import SpokenOffer, spoken_offer
from crm.script_actions import ScriptAction, actions_done
from routing.agents import find_agent
from routing.live import LiveAgent
from routing.place import Place
from scripts.facts import Situation
from scripts.shown_page import Page, show


@dataclass(frozen=True, slots=True)
class ScriptChoice:
    """A script that the agent may open by hand."""

    name: str
    title: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Done:
    """An action that was done: what came of it, who did it (their name) and when."""

    result: str
    agent: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ScriptPanel:
    """`spoken` is the open page in the caller's language, `shown` the same page in the agent's. `done` is by the kind of action,
    of this page. `agents` are the names of colleagues who answered a page, by their id."""

    spoken: Page
    shown: Page
    choices: tuple[ScriptChoice, ...]
    done: Mapping[str, Done]
    agents: Mapping[str, str]


def open_panel(session: Session, agent: LiveAgent, place: Place, card: CustomerCard | None, agent_name: str) -> ScriptPanel:
    """The script as it stands. What is said is read out, so it wants the caller's language; the rest the agent's."""
    known = situation_of(session, agent, place, card)
    running = running_script(place, agent.agent_id, known)
    done, offer = actions_done(session, place.interaction_id), spoken_offer(session, place.interaction_id)
    theirs, own = speaking_language(place, card), language_here()
    spoken = _open_page(running, known, card, offer, agent_name, theirs, done)
    shown = spoken if own == theirs else _open_page(running, known, card, offer, agent_name, own, done)
    answerers = {one.agent for one in shown.given} | ({shown.before.agent} if shown.before else set())
    colleagues = answerers - {agent.agent_id, ""}
    return ScriptPanel(
        spoken, shown, _choices(place.queue, running), _done_here(session, running, done), _names(session, colleagues)
    )


def where_it_stands(session: Session, agent: LiveAgent, place: Place, agent_name: str) -> dict[str, str]:
    """Which page of which script is open, in words by language: "Sales: Budget (2/8)"."""
    known = situation_of(session, agent, place, None)
    running = running_script(place, agent.agent_id, known)
    offer = spoken_offer(session, place.interaction_id)
    pages = {each: _open_page(running, known, None, offer, agent_name, each, []) for each in Language}
    return {each.value: f"{page.script_title}: {page.title} ({page.number}/{page.of})" for each, page in pages.items()}


def new_ticket_field(done: list[ScriptAction], language: str) -> dict[str, str]:
    """The ticket that was opened last in this interaction, as it is spoken of."""
    number = next((action.result for action in reversed(done) if action.does == "open_ticket"), "")
    return {"new_ticket": f"laporan {number}" if language == "id" else f"report {number}"} if number else {}


def _open_page(
    running: RunningScript, known: Situation, card: CustomerCard | None, offer: SpokenOffer | None, agent_name: str, language: str,
    done: list[ScriptAction],
) -> Page:  # fmt: skip
    """In one language; `done` are the actions of the interaction so far."""
    fields = fields_of_call(card, offer, agent_name, language) | new_ticket_field(done, language)
    return show(running.script, running.progress, language, fields, known.today)


def _choices(queue: str, running: RunningScript) -> tuple[ScriptChoice, ...]:
    language = language_here()
    return tuple(
        ScriptChoice(one.script.name, one.script.title.in_language(language), one.script.name == running.script.name)
        for one in services().scripts.current().choices(queue)
    )


def _done_here(session: Session, running: RunningScript, done: list[ScriptAction]) -> dict[str, Done]:
    here = [one for one in done if (one.script, one.page) == (running.script.name, running.progress.page)]
    names = _names(session, {one.agent_id for one in here})
    return {one.does: Done(one.result, names.get(one.agent_id, one.agent_id), one.at) for one in here}


def _names(session: Session, agent_ids: set[str]) -> dict[str, str]:
    records = (find_agent(session, agent_id) for agent_id in sorted(agent_ids))
    return {record.id: record.name for record in records if record is not None}
