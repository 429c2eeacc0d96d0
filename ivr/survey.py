"""After the talk: how was it, 1 to 5, and a few words. Asked of a share of the callers, never of those asked lately."""

from dataclasses import dataclass

from core.errors import Unavailable
from ivr.flow import PERSON_KEY
from ivr.hearing import NotUnderstood, judge_number
from ivr.line import Heard, HungUp, Recording
from ivr.menu import PersonWanted
from ivr.number_form import SCORE
from ivr.reasons import Reason
from ivr.visit import Visit

STEP = "survey"
_WAIT_S = 6.0
_TRIES = 2
COMMENT_S, _SILENCE_S = 45.0, 3.0
_SCORES = frozenset("12345")


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """Whom to ask: a `share` (0 to 1) of the callers, each customer and each number at most once in `rest_days`."""

    share: float
    rest_days: float


def run_survey(visit: Visit, rule: SurveyRule, chance: float) -> bool:
    """Ask, if this caller is to be asked (`chance` is drawn evenly from [0, 1)); returns whether they gave a score.

    The score is kept before the comment is asked for, so that who hangs up in the middle has still answered.
    Raises HungUp when the caller goes, and PersonWanted: key 0 is a person here, too, as everywhere, and no mark.
    """
    customer, call, ani = visit.customer_id, visit.line.call.interaction_id, visit.line.call.ani
    try:
        if not visit.look_up(
            "wants_survey", lambda desk: desk.wants_survey(customer, ani, visit.now, rule.share, rule.rest_days, chance)
        ):
            return False
        visit.look_up("survey_asked", lambda desk: desk.survey_asked(call, customer, visit.now, ani))
        score = _ask_score(visit)
        if score is None:
            visit.line.note(STEP, "no_answer")
            return False
        visit.look_up("save_survey", lambda desk: desk.save_survey(call, customer, visit.now, score))
        visit.line.note(STEP, "answered")
        _comment(visit)
    except Unavailable:
        return False  # nobody is kept on the line for a question of ours
    return True


def _ask_score(visit: Visit) -> int | None:
    visit.hear_first()
    prompts = [visit.prompt("survey_score")]
    for _ in range(_TRIES):
        heard = visit.line.ask(*prompts, grammar=visit.version.number_grammar(visit.language, SCORE), wait_s=_WAIT_S)
        given = heard.keys or _said_score(heard)
        if given in _SCORES:
            return int(given)
        if heard.keys == PERSON_KEY:
            visit.line.note(STEP, "person")
            raise PersonWanted(Reason.ASKED_FOR_PERSON)
        if not heard.keys and not heard.spoke and not heard.words:
            return None
        prompts = [visit.prompt("survey_score_again")]
    return None


def _said_score(heard: Heard) -> str:
    """Likely is enough: nobody is asked twice about a mark."""
    match judge_number(heard, SCORE):
        case NotUnderstood():
            return ""
        case said:
            return said.option


def _comment(visit: Visit) -> None:
    try:
        said = visit.line.record(visit.prompt("survey_comment"), most_s=COMMENT_S, silence_s=_SILENCE_S)
    except HungUp as gone:
        _keep_comment(visit, gone.recording)
        raise
    _keep_comment(visit, said)


def _keep_comment(visit: Visit, said: Recording | None) -> None:
    if said is None:
        return
    customer, call, file = visit.customer_id, visit.line.call.interaction_id, str(said.file)
    visit.look_up("save_survey", lambda desk: desk.save_survey(call, customer, visit.now, comment_recording=file))
