"""What a call is about, as articles know it."""

from agent_desktop.running_script import answers_given
from crm.knowledge import FitKind
from routing.place import Place


def call_fits(place: Place) -> frozenset[tuple[FitKind, str]]:
    """The codes of a call: why they call, the queue, and what was answered in the script so far."""
    reasons = [code for code in place.reason.split(":")[:2] if code]  # "pin_not_proved:bill" is about the bill, too
    known = [(FitKind.REASON, code) for code in reasons] + [(FitKind.QUEUE, place.queue)]
    return frozenset([*known, *((FitKind.ANSWER, answer) for answer in answers_given(place))])
