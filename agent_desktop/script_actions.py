"""What a script has the desk do: notes by themselves, tickets and calls when the agent presses the button. Each once."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from agent_desktop.later_calls import promise_call
from agent_desktop.running_script import RunningScript, speaking_language, tell
from agent_desktop.services import services
from core.errors import BadInput
from core.events import EventKind
from core.ids import derived_id
from crm.callback_tasks import CallbackTask
from crm.customer_card import CustomerCard
from crm.script_actions import ActionKey, claim_action
from crm.tickets import TicketSubject, open_ticket
from routing.place import Place
from scripts.fields import script_fields
from scripts.model import OpenTicket, ScheduleCall, WriteNote
from scripts.runner import open_page
from scripts.shown_page import answer_fields
from scripts.wording import fill


def write_notes(running: RunningScript, card: CustomerCard | None, agent_id: str, agent_name: str, language: str) -> list[str]:
    """Write what every page that was reached wants noted, and was not yet; returns the lines that were added to the note."""
    due = list(_notes(running))
    if not due:
        return []
    here = services()
    fields = script_fields(card, agent_name, language) | answer_fields(running.script, running.progress, language)
    lines: dict[str, str] = {}
    with here.database.writing() as session:
        for page, action in due:
            if claim_action(session, _key(running, page, action.does), agent_id, here.clock.now()):
                lines[page] = fill(action.words.in_language(language), fields, language)
        if lines:  # before the commit: a line that is there already is not added again, one that is not kept would be lost
            here.memory.add_to_note(agent_id, running.interaction_id, list(lines.values()))
        session.commit()
    for page in lines:
        _tell_done(running, agent_id, page, "write_note")
    return list(lines.values())


def do_action(
    running: RunningScript, place: Place, card: CustomerCard | None, agent_id: str, does: str, at: datetime | None
) -> bool:
    """Do what the button of the open page stands for; False when it was done already, or the page has no such button.

    `at` is when to call. Raises BadInput when it can't be done for this caller.
    """
    here, page = services(), open_page(running.script, running.progress)
    action = next((one for one in page.actions if one.does == does and not isinstance(one, WriteNote)), None)
    if action is None:
        return False
    promise: CallbackTask | None = None
    with here.database.writing() as session:
        now = here.clock.now()
        row = claim_action(session, _key(running, page.name, does), agent_id, now)
        if row is None:
            return False
        if isinstance(action, OpenTicket):
            row.result = _ticket(session, running, place, card, action, now)
        elif isinstance(action, ScheduleCall):
            if at is None:
                raise BadInput("There is no time to call at.", "Choose a day and a time.")
            promise = promise_call(
                session, place, at, derived_id("script_call", place.interaction_id, running.script.name, page.name)
            )
            row.result = at.isoformat(timespec="minutes")
        session.commit()
    if promise is not None:
        here.outcomes.changed(promise, "kept", now)
    _tell_done(running, agent_id, page.name, does)
    return True


def _ticket(
    session: Session, running: RunningScript, place: Place, card: CustomerCard | None, action: OpenTicket, now: datetime
) -> str:  # fmt: skip
    """The number of the ticket; its words are in the language that is spoken with the customer, who may read them."""
    if card is None:
        raise BadInput("A ticket needs a customer.", "Find out who is calling first.")
    language = speaking_language(place, card)
    fields = script_fields(card, "", language) | answer_fields(running.script, running.progress, language)
    words = fill(action.words.in_language(language), fields, language) if action.words else ""
    subject, targets = TicketSubject(action.about), services().ticket_targets.current()
    return open_ticket(session, card.customer_id, subject, language, place.interaction_id, now, targets, words).number


def _notes(running: RunningScript) -> Iterator[tuple[str, WriteNote]]:
    reached = [*(one.page for one in running.progress.taken), running.progress.page]
    for name in reached:
        page = running.script.page(name)
        for action in page.actions if page else ():
            if isinstance(action, WriteNote):
                yield name, action


def _key(running: RunningScript, page: str, does: str) -> ActionKey:
    return ActionKey(running.interaction_id, running.script.name, page, does)


def _tell_done(running: RunningScript, agent_id: str, page: str, does: str) -> None:
    key = f"{running.script.name} {page} {does}"
    tell(EventKind.SCRIPT_ACTION_DONE, running, agent_id, key, page=page, does=does)
