"""The offer to a caller who waits: "we call you back", without losing the place before they have said yes."""

from collections.abc import Callable

from ivr.callback_promise import ask_callback_number, promise
from ivr.menu import is_yes
from ivr.outcome import CallBack
from ivr.visit import Visit

_WAIT_S = 5.0


def offer_callback(visit: Visit, queue: str, reason: str, leave_line: Callable[[], bool]) -> CallBack | None:
    """Offer it to a caller who pressed the key for it; None when they wait on.

    `leave_line` takes them out of the line, and is False when an agent is just being called for them: then they stay.
    """
    offered = visit.line.ask(visit.prompt("callback_offer"), grammar=visit.version.yes_no_grammar(), wait_s=_WAIT_S)
    number = ask_callback_number(visit) if is_yes(offered) else ""
    if not number:
        visit.say("callback_waits_on")
        return None
    if not leave_line():
        visit.say("callback_agent_comes")
        return None
    kept = promise(visit, number, queue, reason)
    visit.say("callback_promised")
    return kept
