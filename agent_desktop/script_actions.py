"""What a script has the desk do: notes by themselves; tickets, calls, hand-overs when the agent presses a button. Each once."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from agent_desktop.call_orders import ask, leave_card, talk_in_hand, target
from agent_desktop.change_note import author_here
from agent_desktop.languages import language_here
from agent_desktop.later_calls import promise_call
from agent_desktop.running_script import RunningScript, speaking_language, tell
from agent_desktop.script_fields import fields_of_call
from agent_desktop.services import services
from core.errors import BadInput
from core.events import EventKind
from core.ids import derived_id
from crm.callback_tasks import CallbackTask
from crm.customer_card import CustomerCard
from crm.hand_over_cards import LONGEST_NOTE
from crm.offers.spoken import spoken_offer
from crm.script_actions import ActionKey, claim_action
from crm.ticket_news import ticket_opened
from crm.tickets import LONGEST_SUBJECT, Ticket, TicketSubject, TicketWish, open_wished, usual_subject
from ivr.callback_news import tell_pages
from routing.live import LiveAgent
from routing.place import Place
from scripts.model import MakeOffer, OpenTicket, ScheduleCall, Transfer, WriteNote
from scripts.runner import open_page
from scripts.shown_page import answer_fields
from scripts.wording import fill


def write_notes(running: RunningScript, card: CustomerCard | None, agent_id: str, agent_name: str, language: str) -> list[str]:
    """Write what every page that was reached wants noted, and was not yet; returns the lines that were added to the note."""
    due = list(_notes(running))
    if not due:
        return []
    here = services()
    lines: dict[str, str] = {}
    with here.database.writing() as session:
        fields = _fields(session, running, card, agent_name, language)
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
    running: RunningScript, place: Place, card: CustomerCard | None, agent: LiveAgent, does: str, at: datetime | None
) -> bool:
    """Do what the button of the open page stands for; False when it was done already, or the page has no such button.

    `at` is when to call. Raises BadInput when it can't be done for this caller, NotFound for a hand-over of a call that is not in
    hand any more. What reaches others is told after the commit.
    """
    here, agent_id, page = services(), agent.agent_id, open_page(running.script, running.progress)
    action = next((one for one in page.actions if one.does == does and not isinstance(one, WriteNote | MakeOffer)), None)
    if action is None:
        return False
    if isinstance(action, Transfer):
        talk_in_hand(agent, place.interaction_id)
        target("queue", action.to, place, agent_id)
    promise: CallbackTask | None = None
    opened: Ticket | None = None
    with here.database.writing() as session:
        now = here.clock.now()
        row = claim_action(session, _key(running, page.name, does), agent_id, now)
        if row is None:
            return False
        if isinstance(action, OpenTicket):
            ticket, is_new = _ticket(session, running, place, card, action, now)
            row.result, opened = ticket.number, ticket if is_new else None
        elif isinstance(action, Transfer):
            row.result = action.to
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
    if opened is not None:
        tell_pages(here.bus.publish, ticket_opened(opened, place.interaction_id, agent_id, now))
    if isinstance(action, Transfer):
        leave_card(agent_id, place, "", _card_note(running, card, action))
        ask(agent, "queue", {"queue": action.to})
    _tell_done(running, agent_id, page.name, does)
    return True


def _ticket(
    session: Session, running: RunningScript, place: Place, card: CustomerCard | None, action: OpenTicket, now: datetime
) -> tuple[Ticket, bool]:  # fmt: skip
    """The ticket, and whether it is new; its words are in the language that is spoken with the customer, who may read them."""
    if card is None:
        raise BadInput("A ticket needs a customer.", "Find out who is calling first.")
    language = speaking_language(place, card)
    fields = _fields(session, running, card, "", language)
    words = fill(action.words.in_language(language), fields, language) if action.words else ""
    subject, targets = TicketSubject(action.about), services().ticket_targets.current()
    about = words[:LONGEST_SUBJECT] or usual_subject(subject, language)
    wish = TicketWish(card.customer_id, subject, about, place.interaction_id, team=place.queue)
    return open_wished(session, wish, targets, author_here(), now)


def _card_note(running: RunningScript, card: CustomerCard | None, action: Transfer) -> str:
    """What whoever has the caller next is told, in the language of who hands over."""
    if action.words is None:
        return ""
    language = language_here()
    with services().database.reading() as session:
        fields = _fields(session, running, card, "", language)
    return fill(action.words.in_language(language), fields, language)[:LONGEST_NOTE]


def _fields(session: Session, running: RunningScript, card: CustomerCard | None, agent_name: str, language: str) -> dict[str, str]:
    known = fields_of_call(card, spoken_offer(session, running.interaction_id), agent_name, language)
    return known | answer_fields(running.script, running.progress, language)


def note_offer_answered(running: RunningScript, agent_id: str, said: str) -> None:
    """The offer of the open page was answered, there or beside the call: kept once for the page, with what was said first."""
    page = open_page(running.script, running.progress)
    if not any(isinstance(one, MakeOffer) for one in page.actions):
        return
    here = services()
    with here.database.writing() as session:
        row = claim_action(session, _key(running, page.name, "offer"), agent_id, here.clock.now())
        if row is None:
            return
        row.result = said
        session.commit()
    _tell_done(running, agent_id, page.name, "offer")


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
