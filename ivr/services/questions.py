"""Questions that several services ask: which of these times, and yes or no."""

from collections.abc import Sequence

from crm.time_windows import Window
from ivr.line import Prompt
from ivr.menu import PersonWanted
from ivr.reasons import Reason
from ivr.visit import Visit

CHOOSE_TIME, CONFIRM = "choose_time", "confirm"
TIMES = frozenset({"take", "later", "other_day", "main_menu"})
YES_OR_NO = frozenset({"yes", "no"})


def choose_time(visit: Visit, windows: Sequence[Window]) -> Window | None:
    """Offer one window after the other, until the caller takes one; None when they want none of them after all. Each is named to
    its end before any key counts: one that was meant for the sentence before falls into its first word.

    Raises PersonWanted when there are no more.
    """
    index = 0
    while index < len(windows):
        window = windows[index]
        offer = visit.prompt("time_offer", day=visit.aloud.on_day(window.day), times=visit.aloud.times(window))
        visit.line.say(offer)
        match visit.ask(CHOOSE_TIME, about=(offer,), told=True):
            case "take":
                return window
            case "later":
                index += 1
            case "other_day":
                index = next((place for place, each in enumerate(windows) if each.day > window.day), len(windows))
            case _:
                return None
    raise PersonWanted(Reason.NO_TIME_FITS)


def confirms(visit: Visit, question: Prompt) -> bool:
    """Whether the caller says yes, who has heard the question to its end: no key before that counts, least of all a digit too many.
    Silence is asked again, and is never a yes.
    """
    visit.line.say(question)
    return visit.ask(CONFIRM, about=(question,), told=True) == "yes"
