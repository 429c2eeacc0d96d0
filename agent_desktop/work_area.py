"""The whole work area of the agent's page for one moment: gathered here, so that it goes out in one piece."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import render_template
from sqlalchemy.orm import Session

from agent_desktop.accounts import User
from agent_desktop.called_about import CalledAbout, called_about
from agent_desktop.code_words import state_words
from agent_desktop.desk_memory import Draft
from agent_desktop.dial_words import MISSED, PURPOSES
from agent_desktop.handed_where import where_handed
from agent_desktop.knowledge_fit import call_fits
from agent_desktop.languages import language_here
from agent_desktop.later_calls import may_be_later
from agent_desktop.offer_panel import OfferPanel, offer_panel
from agent_desktop.own_day import OwnDay, UnfinishedWrapUp, day_start, own_day, unfinished_wrap_ups
from agent_desktop.running_script import speaking_language
from agent_desktop.script_panel import ScriptPanel, open_panel
from agent_desktop.services import services
from agent_desktop.shown_state import rings_there, shown_kind, shown_words
from agent_desktop.waited import waited_s
from crm.callback_tasks import CallbackTask, TaskState
from crm.customer_card import CustomerCard, customer_card
from crm.customers import Customer
from crm.dialling import DialPurpose
from crm.hand_over_cards import HandOverCard, cards_of
from crm.knowledge_search import Found, fitting
from crm.lookup import customers_by_number
from crm.offers.offering import InHand
from crm.offers.situation import CallSoFar
from crm.phone_numbers import for_people
from routing.agent_state import CHOSEN_REASONS, AgentState
from routing.agents import AgentRecord, find_agent, name_of_agent
from routing.live import LiveAgent
from routing.place import Place
from routing.policy import CallFirst
from routing.wrap_up_rule import WrapUpRule
from scripts import dispositions
from scripts.dispositions import DispositionCode

_IN_HAND = frozenset({AgentState.RESERVED, AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP})
MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Call:
    """The interaction in hand, and everything the page shows of it.

    `own_agent` is the name of the agent who looks after the customer, "" for nobody; `promise` what is kept by calling them back,
    None when they have called. `they_first`: their phone is called before the agent's rings, and they are not on the line yet.
    `may_be_later`: Halo could call them at another time. `cards`: left by those who had the caller before.
    `asked`: name or number of whom the agent asks about the call; `asked_by`: who asks this agent, whose call it is not.
    `asks`: how far that is, `asks_alone` without the caller.
    `recording`: see `_recording`; `told_until`: the agent has answered, the caller is still told of it, until then at most.
    `purpose`: what the agent calls them for, "" for who called us; `missed` why nobody answered;
    `wrap_up_longer`: it may be put off.
    `handed_where`: where the caller is now whom this agent has handed over.
    `articles` are those that fit the call as far as it has come.
    """

    place: Place
    queue_label: str
    waited_s: float | None
    card: CustomerCard | None
    own_agent: str
    candidates: tuple[Customer, ...]
    about: CalledAbout
    panel: ScriptPanel
    spoken_language: str
    articles: tuple[Found, ...]
    draft: Draft
    promise: CallbackTask | None
    they_first: bool
    may_be_later: bool
    dispositions: tuple[DispositionCode, ...]
    cards: tuple[HandOverCard, ...]
    asked: str
    asked_by: str
    recording: str
    purpose: str = ""
    missed: str = ""
    wrap_up_longer: bool = False
    told_until: datetime | None = None
    asks: str = ""
    asks_alone: bool = False
    handed_where: str = ""


@dataclass(frozen=True, slots=True)
class Idle:
    """What the page shows between calls; `skills` with their proficiencies."""

    skills: tuple[tuple[str, int], ...]
    day: OwnDay
    unfinished: tuple[UnfinishedWrapUp, ...]


@dataclass(frozen=True, slots=True)
class WorkArea:
    """`call` and `offer` are set from the reservation to the end of the wrap-up, `idle` otherwise.

    While the records are away (`lacks_records`) neither is set, and `caller` is what the live state knows of the call in hand.
    """

    agent: LiveAgent
    agent_name: str
    phone_kind: str
    now: datetime
    call: Call | None
    idle: Idle | None
    offer: OfferPanel | None = None
    lacks_records: bool = False
    caller: Place | None = None
    queue_label: str = ""

    @property
    def _place(self) -> Place | None:
        return self.call.place if self.call else self.caller

    @property
    def shown_kind(self) -> str:
        """The colour of the agent's state."""
        return shown_kind(self.agent, self._place)

    @property
    def rings_there(self) -> bool:
        """Whether the phone of whom the agent calls rings."""
        return rings_there(self.agent, self._place)

    @property
    def shown_words(self) -> str:
        """The agent's state in words; `rings_there` says whose phone rings."""
        if self.rings_there:
            return state_words(AgentState.RINGING)
        return shown_words(self.agent, self._place)


def gather(user: User, agent: LiveAgent) -> WorkArea:
    """Everything for the agent as they are now."""
    here = services()
    now = here.clock.now()
    place = _in_hand(agent)
    with here.database.reading() as session:
        record = find_agent(session, agent.agent_id)
        name = record.name if record else user.name
        call = _call(session, agent, place, name, now) if place else None
        idle = None if call else _idle(session, agent, record, now)
    offer = _offer(agent, call, now) if call else None
    if call is not None and any(action.does == "offer" for action in call.panel.shown.actions):
        with here.database.reading() as session:  # the page says what the offer is, which may have been decided just now
            call = replace(call, panel=open_panel(session, agent, call.place, call.card, name))
    return WorkArea(agent, name, record.phone_kind if record else "", now, call, idle, offer)


def without_records(user: User, agent: LiveAgent) -> WorkArea:
    """What is known of the agent and of the call in hand while the records are away: who calls, and why."""
    here, place = services(), _in_hand(agent)
    label = here.last_policy().queue_or_fallback(place.queue).label_in(language_here()) if place else ""
    return WorkArea(
        agent, user.name, agent.phone_kind, here.clock.now(), None, None, lacks_records=True, caller=place, queue_label=label
    )


def _in_hand(agent: LiveAgent) -> Place | None:
    if agent.handed_over is not None:
        return agent.handed_over
    is_theirs = agent.state in _IN_HAND and agent.interaction_id
    return services().store.place(agent.interaction_id) if is_theirs else None


def offer_of_call(user: User, agent: LiveAgent) -> OfferPanel:
    """The offer as it stands now."""
    return gather(user, agent).offer or OfferPanel("")


def render(area: WorkArea) -> str:
    """The work area as HTML."""
    return render_template(
        "desk/work_area.html", area=area, agent=area.agent, call=area.call, reasons=CHOSEN_REASONS,
        hold_reminder_s=services().settings.hold_reminder_s,
    )  # fmt: skip


def wrap_up_rule(agent: LiveAgent) -> WrapUpRule:
    """How long the wrap-up of the call in hand lasts, by its queue."""
    here = services()
    place = agent.handed_over or (here.store.place(agent.interaction_id) if agent.interaction_id else None)
    return here.policy().queue_or_fallback(place.queue if place else "").wrap_up


def facts(agent: LiveAgent, now: datetime) -> dict[str, object]:
    """What the page's script needs to know of the agent's state."""
    place = services().store.place(agent.interaction_id) if agent.state is AgentState.TALKING else None
    return {
        "state": agent.state.value,
        "kind": shown_kind(agent, place),
        "words": shown_words(agent, place),
        "reason": agent.reason,
        "since": _text(agent.since),
        "deadline": _text(agent.deadline),
        "held_since": _text(agent.held_since),
        "interaction": agent.interaction_id,
        "token": agent.token,
        "dialled": agent.dialled,
        "phone_up": agent.phone_up,
        "now": _text(now),
    }


def facts_json(agent: LiveAgent, now: datetime) -> str:
    """The same as one line of JSON."""
    return json.dumps(facts(agent, now))


def _call(session: Session, agent: LiveAgent, place: Place, agent_name: str, now: datetime) -> Call:
    here = services()
    queue = here.policy().queue_or_fallback(place.queue)
    card = customer_card(session, place.customer_id, now, here.settings.time_zone) if place.customer_id else None
    asks = here.store.agent(agent.consulted_by).consult if agent.consulted_by else None
    candidates = tuple(customers_by_number(session, place.ani)[:MOST_CANDIDATES]) if card is None else ()
    return Call(
        place=place,
        queue_label=queue.label_in(language_here()),
        waited_s=None if place.dialled else waited_s(session, agent, place),
        card=card,
        own_agent=name_of_agent(session, card.named_agent) if card is not None else "",
        candidates=candidates,
        about=called_about(place, card),
        panel=open_panel(session, agent, place, card, agent_name),
        spoken_language=speaking_language(place, card),
        articles=fitting(session, call_fits(place), language_here()),
        draft=here.memory.draft(agent.agent_id, place.interaction_id),
        promise=session.get(CallbackTask, place.callback) if place.callback else None,
        they_first=bool(place.callback) and not place.channel and queue.callback.first is CallFirst.CUSTOMER,
        may_be_later=may_be_later(place.ani),
        dispositions=dispositions.offered(place.queue, agent.handed_over is not None, bool(place.missed)),
        cards=tuple(each for each in cards_of(session, [place.interaction_id]) if each.agent_id != agent.agent_id),
        asked=name_of_agent(session, agent.consult.agent_id) or for_people(agent.consult.number) if agent.consult else "",
        asked_by=name_of_agent(session, agent.consulted_by),
        recording=_recording(agent, place),
        purpose=str(PURPOSES[DialPurpose(place.dialled)]) if place.dialled else "",
        missed=str(MISSED.get(place.missed, place.missed)),
        wrap_up_longer=agent.state is AgentState.WRAP_UP and queue.wrap_up.extended(agent.since, agent.deadline) is not None,
        told_until=_told_until(agent, place, now),
        asks=asks.phase.value if asks else "",
        asks_alone=asks is not None and asks.alone,
        handed_where=where_handed(session, agent) if agent.handed_over is not None else "",
    )


def _told_until(agent: LiveAgent, place: Place, now: datetime) -> datetime | None:
    """None once they have heard it, and while it rings: then nobody waits for it."""
    until = datetime.fromtimestamp(place.telling_until_s, UTC)
    return until if agent.state is AgentState.TALKING and until > now else None


def _recording(agent: LiveAgent, place: Place) -> str:
    """What of the recording: on or off, by Asterisk's word; asked, before it has given it; paused; away, while somebody else is
    asked. "" for a talk that is not to be recorded."""
    to_be = place.may_record and bool(place.channel) and services().settings.records_talks_of(place.queue)
    if not to_be or agent.state is not AgentState.TALKING or not agent.holds_caller:
        return ""
    if agent.recording_paused_until is not None:
        return "paused"
    if not agent.hears_caller:
        return "away"
    return {None: "asked", True: "on", False: "off"}[agent.is_recorded]


def _offer(agent: LiveAgent, call: Call, now: datetime) -> OfferPanel:
    here, place = services(), call.place
    so_far = CallSoFar(
        place.queue, place.reason, call.draft.code, call.panel.shown.dispositions if call.panel.shown.is_end else (),
        here.memory.said_solved(place.interaction_id),
    )  # fmt: skip
    hand = InHand(
        place.interaction_id, call.card.customer_id if call.card else None, agent.agent_id, call.panel.shown.script, so_far
    )
    theirs = call.promise is None or call.promise.picked_up_at is not None or call.promise.state != TaskState.TAKEN
    return offer_panel(hand, agent.state is AgentState.TALKING and theirs, now)


def _idle(session: Session, agent: LiveAgent, record: AgentRecord | None, now: datetime) -> Idle:
    since = day_start(now, services().settings.time_zone)
    return Idle(
        skills=tuple((skill.skill, skill.proficiency) for skill in record.skills) if record else (),
        day=own_day(session, agent.agent_id, since, now),
        unfinished=tuple(unfinished_wrap_ups(session, agent.agent_id, since, besides=agent.interaction_id)),
    )


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
