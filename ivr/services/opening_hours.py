"""Opening hours: whether somebody is there now, until when or from when on, and the regular week."""

from ivr.hours_answer import hours_answer, week_answer
from ivr.line import Prompt
from ivr.reasons import Reason, reason_text
from ivr.services.service import AFTER_ANSWER, AFTER_TELL, Step, tell_and_go_on
from ivr.telling import Answer
from ivr.visit import GENERAL_QUEUE, Visit
from ivr.wording import Wording


class OpeningHours:
    """What the flow's own hours say."""

    name = "opening_hours"
    menus = {AFTER_TELL: AFTER_ANSWER}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Step:
        visit.begin(GENERAL_QUEUE, reason_text(Reason.OPENING_HOURS))
        return tell_and_go_on(visit, Answer(visit.subject, lambda words: _sentences(visit, words)), AFTER_TELL)


def _sentences(visit: Visit, words: Wording) -> list[Prompt]:
    if visit.opening is None:
        return [Prompt("hours_open_always", words.language)]
    now = hours_answer(visit.opening, words.language, words.now)
    schedule = visit.schedule
    week = week_answer(schedule, words.language) if schedule and not schedule.never_closes else []
    return [*now, *week]
