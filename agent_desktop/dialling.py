"""An agent calls a number by hand: whom it reaches, whether and what for they may be called now, and the order to do it."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_desktop.accounts import Role
from agent_desktop.audit_trail import tell_dial_refused
from agent_desktop.dial_limits import DialKind, DialledTooOften
from agent_desktop.dial_words import PURPOSES, hours_refused_words, limit_words, moment_here, there_words
from agent_desktop.follow_ups import tell_follow_up
from agent_desktop.json_body import Body, json_body
from agent_desktop.problems import WORDS, answer
from agent_desktop.promises import queues_of
from agent_desktop.roles import agent_here, needs_role, user_here
from agent_desktop.services import services
from agent_desktop.texts import _
from core.call_hours import call_hours
from core.errors import BadInput, HaloError
from core.events import Event, EventKind
from core.ids import new_id
from crm.customers import Customer
from crm.dialling import Called, DialPurpose, DialRule, SellingRefused, TooEarlyOrLate, check_dial, purpose_of, whom_it_reaches
from crm.follow_ups import add_follow_up
from crm.lookup import current_id
from crm.outside_numbers import NumberRefused, outside_rule
from crm.phone_numbers import for_people
from routing.agent_state import AgentState

blueprint = Blueprint("dialling", __name__, url_prefix="/api/dial")
_LONGEST_NUMBER, _LONGEST_CODE = 40, 40
_MAY_DIAL = (AgentState.READY, AgentState.NOT_READY, AgentState.WRAP_UP)


class NotNow(HaloError):
    """The agent has a call in hand."""

    code = "dial_busy"


class NoLineOut(HaloError):
    """There is no trunk by which anybody could be called."""

    code = "no_line_out"


@dataclass(frozen=True, slots=True)
class Choice:
    """A purpose as the dialog shows it: may it be, until when, or why not and what then."""

    purpose: DialPurpose
    words: str
    until: str
    refused: str


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a number reaches, for people: `there` is their time; `problem` why it is no number to call."""

    called: Called | None
    there: str
    choices: tuple[Choice, ...]
    problem: str


@blueprint.post("/form")
@needs_role(Role.AGENT)
def form() -> ResponseReturnValue:
    """The dialog for a number, or for a customer's first one; as HTML in JSON, so that no number stands in an address."""
    here, body = services(), json_body()
    text, meant = body.text("number", most=_LONGEST_NUMBER, default=""), body.number("customer")
    with here.database.reading() as session:
        customer = session.get(Customer, current_id(session, meant)) if meant else None
        numbers = [phone.e164 for phone in customer.phones] if customer else []
        text = text or (numbers[0] if numbers else "")
        found = _whom(session, text, customer.id if customer else None) if text else None
    queues = queues_of(user_here()) or [here.policy().fallback]
    agent = here.store.agent(agent_here())
    state, place = agent.state, here.store.place(agent.interaction_id) if agent.state is AgentState.WRAP_UP else None
    queues.sort(key=lambda name: place is None or name != place.queue)  # who is called back, for the team of that call
    labels = [(name, here.policy().queue(name).label) for name in queues]
    return jsonify(
        html=render_template(
            "dial/form.html", number=for_people(text) if text else "", customer_id=customer.id if customer else 0, numbers=numbers,
            whom=found, queues=labels, busy=state not in _MAY_DIAL, wraps_up=state is AgentState.WRAP_UP,
        )
    )  # fmt: skip


@blueprint.post("/whom")
@needs_role(Role.AGENT)
def whom() -> ResponseReturnValue:
    """Whom the number reaches that is being typed."""
    here, body = services(), json_body()
    text, meant = body.text("number", most=_LONGEST_NUMBER), body.number("customer")
    with here.database.reading() as session:
        found = _whom(session, text, meant or None) if text.strip() else None
    return jsonify(html=render_template("dial/whom.html", whom=found))


@blueprint.post("")
@needs_role(Role.AGENT)
def dial() -> ResponseReturnValue:
    """Call it. What came of the order is told by the stream; whatever stands in the way is said here, before anything rings."""
    here, agent_id, body = services(), agent_here(), json_body()
    queue = here.policy().queue(body.text("queue", most=_LONGEST_CODE)).name
    if here.store.agent(agent_id).state not in _MAY_DIAL:
        raise NotNow("A call is in hand.", "Finish it first.")
    if not here.settings.outbound_trunk:
        raise NoLineOut("There is no line out.", "Ask an administrator.")
    purpose, now = purpose_of(body.text("purpose", most=_LONGEST_CODE)), here.clock.now()
    try:
        called, language = _checked(body, purpose, now)
        here.dial_limits.take(agent_id, DialKind.DIAL, now)
    except (NumberRefused, SellingRefused, TooEarlyOrLate, DialledTooOften) as refused:
        tell_dial_refused(agent_id, DialKind.DIAL, purpose, refused.code)
        return refusal(refused, now)
    told = Event(
        EventKind.CALL_CONTROL_ASKED, now, interaction_id=new_id(), agent_id=agent_id,
        data={
            "ask": "dial", "number": called.number, "purpose": purpose.value, "queue": queue, "customer_id": called.customer_id,
            "language": language,
        },
    )  # fmt: skip
    here.bus.publish(told)
    return jsonify(asked=told.key)


@blueprint.post("/remind")
@needs_role(Role.AGENT)
def remind() -> ResponseReturnValue:
    """Be reminded of the call when it may be made."""
    here, agent_id, body = services(), agent_here(), json_body()
    purpose, now = purpose_of(body.text("purpose", most=_LONGEST_CODE)), here.clock.now()
    try:
        _checked(body, purpose, now)
    except TooEarlyOrLate as refused:
        with here.database.writing() as session:
            called = _called(session, body, rule_here())
            text = _("Call %(who)s (%(what)s)", who=called.name or for_people(called.number), what=PURPOSES[purpose])
            add_follow_up(session, agent_id, text, refused.next_at, now, called.customer_id)
            session.commit()
        tell_follow_up(agent_id, "added")
        return jsonify(words=_("You are reminded on %(time)s.", time=moment_here(refused.next_at)))
    raise BadInput("They may be called now.", "Call them.")


def rule_here() -> DialRule:
    """Which numbers may be called, and when, by the settings."""
    settings = services().settings
    hours = {
        DialPurpose.SERVICE: call_hours(settings.dial_service_hours), DialPurpose.SALES: call_hours(settings.dial_sales_hours),
    }  # fmt: skip
    numbers = outside_rule(settings.country, settings.outside_countries, settings.outside_refused)
    not_on_holidays = frozenset(purpose_of(purpose) for purpose in settings.dial_not_on_holidays.split(",") if purpose)
    return DialRule(numbers, hours, settings.time_zone, not_on_holidays)


def refusal(refused: HaloError, now: datetime) -> ResponseReturnValue:
    """The answer that says which rule it is, until when, and what to do instead."""
    if isinstance(refused, TooEarlyOrLate):
        return answer(refused.code, retryable=False, said=hours_refused_words(refused, now))
    if isinstance(refused, DialledTooOften):
        return answer(refused.code, retryable=False, said=limit_words(refused.next_at))
    return answer(refused.code, retryable=False)


def _checked(body: Body, purpose: DialPurpose, now: datetime) -> tuple[Called, str]:
    """Whom it reaches, who may be called for it now; and their language."""
    with services().database.reading() as session:
        rule = rule_here()
        called = _called(session, body, rule)
        check_dial(session, called, purpose, rule, now)
        customer = session.get(Customer, called.customer_id) if called.customer_id else None
        return called, (customer.language if customer else "") or "id"


def _called(session: Session, body: Body, rule: DialRule) -> Called:
    return whom_it_reaches(session, body.text("number", most=_LONGEST_NUMBER), body.number("customer") or None, rule, _named())


def _named() -> tuple[str, int] | None:
    """The number of the call that the agent wraps up, and whose call it was."""
    here = services()
    agent = here.store.agent(agent_here())
    place = here.store.place(agent.interaction_id) if agent.state is AgentState.WRAP_UP else None
    if place is None or place.customer_id is None:
        return None
    with here.database.reading() as session:
        return place.ani, current_id(session, place.customer_id)


def _whom(session: Session, text: str, customer_id: int | None) -> Whom:
    rule, now = rule_here(), services().clock.now()
    try:
        called = whom_it_reaches(session, text, customer_id, rule, _named())
    except NumberRefused as refused:
        _status, what, next_step = WORDS[refused.code]
        return Whom(None, "", (), f"{what} {next_step}")
    choices = tuple(_choice(session, called, purpose, rule, now) for purpose in DialPurpose)
    return Whom(called, there_words(now, called.zone), choices, "")


def _choice(session: Session, called: Called, purpose: DialPurpose, rule: DialRule, now: datetime) -> Choice:
    try:
        until = check_dial(session, called, purpose, rule, now)
    except SellingRefused as refused:
        return Choice(purpose, str(PURPOSES[purpose]), "", str(WORDS[refused.code][1]))
    except TooEarlyOrLate as refused:
        return Choice(purpose, str(PURPOSES[purpose]), "", _("from %(time)s on", time=moment_here(refused.next_at)))
    return Choice(purpose, str(PURPOSES[purpose]), _("until %(time)s there", time=there_words(until, called.zone)), "")
