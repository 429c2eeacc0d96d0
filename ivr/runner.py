"""Runs a flow to its outcome. Whatever happens inside, a caller ends with an answer or with a person."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.clock import Clock
from core.database import Database
from core.errors import BadInput, Unavailable
from core.log import get_log
from ivr.backend import PatientDesk
from ivr.database_desk import DatabaseDesk
from ivr.flows.hotline import run_hotline
from ivr.line import CallerLine, HungUp, Prompt
from ivr.menu import PersonWanted
from ivr.outcome import CallerGone, Outcome, RouteTo
from ivr.reasons import Reason, reason_text
from ivr.spoken import LANGUAGES
from ivr.visit import DEFAULT_LANGUAGE, GENERAL_QUEUE, Visit

Flow = Callable[[Visit], Outcome]
FLOWS: Mapping[str, Flow] = {"hotline": run_hotline}
STEP = "person"

_APOLOGIES = {
    Reason.NO_INPUT: "sorry_no_input",
    Reason.WRONG_INPUT: "sorry_wrong_input",
    Reason.ORDER_NOT_FOUND: "sorry_order_not_found",
    Reason.BACK_END_DOWN: "sorry_back_end",
    Reason.FLOW_FAILED: "sorry_flow_failed",
}
_log = get_log(__name__)


def run_entry_point(name: str, line: CallerLine, database: Database, clock: Clock, time_zone: str) -> Outcome:
    """Run the flow of this entry point ("hotline") for the caller on the line.

    `time_zone` is the zone of spoken days, such as "Asia/Jakarta". Raises BadInput for an entry point or a zone that does
    not exist, and nothing else: a hang-up is CallerGone, any failure RouteTo("general", "flow_failed", …).
    """
    if name not in FLOWS:
        raise BadInput(f"There is no entry point {name!r}.", f"Use one of: {', '.join(sorted(FLOWS))}.")
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadInput(f"There is no time zone {time_zone!r}.", "Set HALO_TIME_ZONE to a name such as Asia/Jakarta.") from None
    now = clock.now().astimezone(zone)
    visit = Visit(line, PatientDesk(DatabaseDesk(database)), now)
    if line.call.language in LANGUAGES:
        visit.language = line.call.language
    return run(FLOWS[name], visit)


def run(flow: Flow, visit: Visit) -> Outcome:
    """Run one flow for one caller."""
    try:
        try:
            return flow(visit)
        except PersonWanted as wanted:
            return _hand_over(visit, wanted.reason)
        except Unavailable:
            return _hand_over(visit, Reason.BACK_END_DOWN)
    except HungUp:
        return CallerGone(visit.heard)
    except Exception:
        _log.exception("flow_failed", flow=getattr(flow, "__name__", "flow"))
        return _after_failure(visit)


def _hand_over(visit: Visit, wanted: Reason) -> RouteTo:
    """To whoever knows most about what the caller was doing, who sees what that was."""
    reason = wanted.value
    if wanted is Reason.BACK_END_DOWN:
        reason = reason_text(wanted, visit.subject.partition(":")[0])
    elif wanted is not Reason.ORDER_NOT_FOUND and visit.subject:
        reason = visit.subject
    visit.line.note(STEP, wanted)
    apology = [visit.prompt(_APOLOGIES[wanted])] if wanted in _APOLOGIES else []
    visit.line.say(*apology, visit.prompt(f"connecting_{visit.queue}"))
    return RouteTo(visit.queue, reason, visit.language, visit.customer_id)


def _after_failure(visit: Visit) -> Outcome:
    language = visit.language if visit.language in LANGUAGES else DEFAULT_LANGUAGE
    try:
        visit.line.note(STEP, Reason.FLOW_FAILED)
        visit.line.say(Prompt(_APOLOGIES[Reason.FLOW_FAILED], language), Prompt(f"connecting_{GENERAL_QUEUE}", language))
    except HungUp:
        return CallerGone(visit.heard)
    except Exception:
        _log.exception("apology_failed")
    return RouteTo(GENERAL_QUEUE, Reason.FLOW_FAILED.value, language, visit.customer_id)
