"""Opening hours: whether somebody is there now, until when or from when on, and the regular week."""

from collections.abc import Mapping

from ivr.hours_answer import hours_answer, week_answer
from ivr.line import Prompt
from ivr.reasons import Reason, reason_text
from ivr.services.service import Next
from ivr.visit import Visit

STEP = "opening_hours"


class OpeningHours:
    """Tells the hours of the flow's own schedule, then the main menu again."""

    name = STEP
    menus: Mapping[str, frozenset[str]] = {}  # never changed

    def run(self, visit: Visit) -> Next:
        visit.line.note(STEP)
        visit.line.say(*_told(visit))
        visit.heard = visit.subject = reason_text(Reason.TOLD, STEP)
        return Next.MAIN_MENU


def _told(visit: Visit) -> list[Prompt]:
    if visit.opening is None or visit.schedule is None:
        return [visit.prompt("hours_open_always")]
    now = hours_answer(visit.opening, visit.language, visit.now)
    return now if visit.schedule.never_closes else [*now, *week_answer(visit.schedule, visit.language)]
