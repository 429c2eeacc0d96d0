"""The offer to a caller who waits: "we call you back", at their turn or at a time. Until they have said yes they keep the place."""

from collections.abc import Callable
from datetime import datetime

from core.ids import new_id
from crm.phone_numbers import may_be_dialled
from ivr.callback_promise import ask_callback_number, promise
from ivr.callback_time import ask_callback_time
from ivr.flow_version import CALLBACK_OFFER_GRAMMAR, NO_PHRASES, OTHER_TIME_PHRASES, YES_PHRASES, spoken
from ivr.hearing import Taken, judge
from ivr.line import Heard
from ivr.menu import is_yes
from ivr.outcome import CallBack
from ivr.visit import Visit

PlaceAt = Callable[[str, str, datetime], str]
"""The place of a call at a time that was chosen, as routing writes it: of this interaction, to this number, at this moment."""

_WAIT_S = 5.0
_OTHER_TIME_KEY = "3"


def no_place_at(_interaction_id: str, _number: str, _at: datetime) -> str:
    """Where people make the call by hand."""
    return ""


def offer_callback(
    visit: Visit, queue: str, reason: str, leave_line: Callable[[], bool], place: str = "", place_at: PlaceAt = no_place_at
) -> CallBack | None:
    """Offer it to a caller who pressed the key for it; None when they wait on.

    With a `place`, as routing writes it, they keep it, or choose a time at which they are called; a number that people had better
    dial themselves keeps none. `leave_line` takes them out of the line, and is False when an agent is just being called for them:
    then they stay.
    """
    heard = _offered(visit, may_choose=bool(place))
    later = bool(place) and _is_other_time(heard)
    number = ask_callback_number(visit) if later or is_yes(heard) else ""
    at = ask_callback_time(visit, queue, number) if later and number else None
    if not number or (later and at is None):
        visit.say("callback_waits_on")
        return None
    if not leave_line():
        visit.say("callback_agent_comes")
        return None
    dialled = may_be_dialled(number, visit.country)
    if at is not None:
        interaction_id = new_id()  # the wait for it begins then, and not now
        later_place = place_at(interaction_id, number, at) if dialled else ""
        kept = promise(visit, number, queue, reason, place=later_place, at=at, interaction_id=interaction_id)
        visit.say("callback_at_that_time")
        return kept
    keeps = place if dialled else ""
    kept = promise(visit, number, queue, reason, place=keeps)
    visit.say("callback_place_kept" if keeps else "callback_promised")
    return kept


def _offered(visit: Visit, may_choose: bool) -> Heard:
    """The answer to the offer. Its yes is the very key that asks for it, and who presses that twice has not heard it."""
    visit.hear_first()
    if not may_choose:
        return visit.line.ask(visit.prompt("callback_offer"), grammar=visit.version.yes_no_grammar(), wait_s=_WAIT_S)
    grammar = visit.version.grammar(CALLBACK_OFFER_GRAMMAR)
    return visit.line.ask(visit.prompt("callback_offer_place"), grammar=grammar, wait_s=_WAIT_S)


def _is_other_time(heard: Heard) -> bool:
    if heard.keys:
        return heard.keys[0] == _OTHER_TIME_KEY
    options = {"yes": spoken(YES_PHRASES), "no": spoken(NO_PHRASES), "other": spoken(OTHER_TIME_PHRASES)}
    return judge(heard, options) == Taken("other")
