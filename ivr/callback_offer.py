"""The offer to a caller who waits: "we call you back", without losing the place before they have said yes."""

from collections.abc import Callable

from crm.phone_numbers import may_be_dialled
from ivr.callback_promise import ask_callback_number, promise
from ivr.menu import is_yes
from ivr.outcome import CallBack
from ivr.visit import Visit

_WAIT_S = 5.0


def offer_callback(
    visit: Visit, queue: str, reason: str, leave_line: Callable[[], bool], place: str = ""
) -> CallBack | None:  # fmt: skip
    """Offer it to a caller who pressed the key for it; None when they wait on.

    With a `place`, as routing writes it, they keep it, unless their number is one that people had better dial themselves.
    `leave_line` takes them out of the line, and is False when an agent is just being called for them: then they stay.
    """
    offered = visit.line.ask(
        visit.prompt("callback_offer_place" if place else "callback_offer"), grammar=visit.version.yes_no_grammar(), wait_s=_WAIT_S
    )
    number = ask_callback_number(visit) if is_yes(offered) else ""
    if not number:
        visit.say("callback_waits_on")
        return None
    if not leave_line():
        visit.say("callback_agent_comes")
        return None
    keeps = place if may_be_dialled(number, visit.country) else ""
    kept = promise(visit, number, queue, reason, place=keeps)
    visit.say("callback_place_kept" if keeps else "callback_promised")
    return kept
