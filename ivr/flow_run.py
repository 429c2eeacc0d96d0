"""Runs a published flow from its greeting to its outcome: menus lead to services, to other menus, or to a person."""

from collections.abc import Mapping

from core.errors import Unavailable
from ivr.flow import tell_key
from ivr.hours_answer import hours_answer
from ivr.line import Prompt
from ivr.menu import PersonWanted
from ivr.outcome import CallBack, CallerGone, Contained, Outcome, RouteTo, TurnedAway
from ivr.reasons import Reason, reason_text
from ivr.services import SERVICES
from ivr.services.service import AFTER_TELL, Next, Service, Step, tell_and_go_on
from ivr.telling import Answer
from ivr.visit import GENERAL_QUEUE, Chosen, Visit
from ivr.welcome import welcome


def run_flow(visit: Visit, services: Mapping[str, Service] = SERVICES) -> Outcome:
    """The whole flow. While it is open, key 0 (PersonWanted), a hang-up and a dead back end are left to the runner."""
    step: Step | None = None
    while not isinstance(step, RouteTo | Contained | CallBack | CallerGone | TurnedAway):
        try:
            step = _next(visit, step, services)
        except (PersonWanted, Unavailable) as problem:
            instead = visit.version.flow.instead_of_person
            if visit.is_open or instead is None:
                raise
            step = _nobody_there(visit, problem, services[instead])
    return step


def _next(visit: Visit, step: Next | Chosen | None, services: Mapping[str, Service]) -> Step:
    match step:
        case None:
            lead_in = welcome(visit)
            return visit.choose(_first_menu(visit), *lead_in)
        case Chosen():
            return _follow(visit, step, services)
        case Next.MAIN_MENU:
            visit.queue = GENERAL_QUEUE
            return visit.choose(_first_menu(visit))
        case Next.GOODBYE:
            visit.say("goodbye")
            return Contained(visit.subject)


def _first_menu(visit: Visit) -> str:
    return visit.version.flow.first_menu(visit.line.call.dnis, visit.segment, visit.is_open)


def _follow(visit: Visit, chosen: Chosen, services: Mapping[str, Service]) -> Step:
    choice = chosen.choice
    if choice.menu:
        return visit.choose(choice.menu)
    if choice.does:
        return _served(visit, services[choice.does])
    if choice.queue:
        return _to_queue(visit, choice.queue, choice.name)
    words = (choice.tell or {})[visit.language]
    told = Prompt(tell_key(chosen.menu, choice.name), visit.language, text=words)
    return tell_and_go_on(visit, Answer(reason_text(Reason.TOLD, choice.name), lambda _words: [told]), AFTER_TELL)


def _served(visit: Visit, service: Service) -> Step:
    """Who could not be helped hears a goodbye all the same."""
    step = service.run(visit)
    if isinstance(step, TurnedAway):
        visit.say("goodbye")
    return step


def _to_queue(visit: Visit, queue: str, name: str) -> RouteTo:
    """A team was chosen. A caller who has just heard something that this team settles arrives with that as the reason."""
    about = visit.subject if visit.subject_queue == queue else name
    if not visit.is_open and visit.version.flow.instead_of_person:
        visit.queue, visit.subject = queue, about
        raise PersonWanted(Reason.ASKED_FOR_PERSON)
    visit.line.say(visit.connecting(queue))
    return RouteTo(queue, about, visit.language, visit.customer_id)


def _nobody_there(visit: Visit, problem: PersonWanted | Unavailable, instead: Service) -> Step:
    """We are closed: what the flow offers instead of a person, else a goodbye. Nobody waits in a line that no one serves."""
    wanted = problem.reason if isinstance(problem, PersonWanted) else Reason.BACK_END_DOWN
    visit.line.note("person", wanted)
    if wanted is Reason.BACK_END_DOWN:
        visit.say("sorry_back_end")
    try:
        step = instead.run(visit)
        if step is not Next.GOODBYE and not isinstance(step, TurnedAway):
            return step
    except (PersonWanted, Unavailable):
        pass
    hours = hours_answer(visit.opening, visit.language, visit.now) if visit.opening else []
    visit.line.say(*hours, visit.prompt("goodbye"))
    return TurnedAway(visit.subject)
