"""Runs a published flow from its greeting to its outcome: menus lead to services, to other menus, or to a person."""

from collections.abc import Mapping

from core.errors import Unavailable
from ivr.flow import tell_key
from ivr.hours_answer import hours_answer, queue_closed_answer
from ivr.line import Prompt
from ivr.menu import PersonWanted
from ivr.outcome import CallBack, CallerGone, Contained, Outcome, RouteTo, TurnedAway
from ivr.reasons import Reason, reason_text
from ivr.services import SERVICES
from ivr.services.service import AFTER_TELL, Next, Service, Step, go_on, tell_and_go_on
from ivr.telling import Answer
from ivr.visit import GENERAL_QUEUE, Chosen, Visit
from ivr.welcome import welcome


def run_flow(visit: Visit, services: Mapping[str, Service] = SERVICES) -> Outcome:
    """The whole flow. While somebody is there, key 0 (PersonWanted), a hang-up and a dead back end are left to the runner."""
    step: Step | None = None
    while not isinstance(step, RouteTo | Contained | CallBack | CallerGone | TurnedAway):
        try:
            step = _next(visit, step, services)
        except (PersonWanted, Unavailable) as problem:
            if visit.person_queue or _waits_anyway(visit, visit.queue):
                raise
            step = _nobody_there(visit, problem, services)
    return step


def _next(visit: Visit, step: Next | Chosen | None, services: Mapping[str, Service]) -> Step:
    match step:
        case None:
            lead_in, begins = welcome(visit), _first_menu(visit)
            visit.line.entered(visit.version.flow.flow, visit.version.number, begins)
            return visit.choose(begins, *lead_in)
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
        return _to_queue(visit, choice.queue, choice.name, services)
    words = (choice.tell or {})[visit.language]
    told = Prompt(tell_key(chosen.menu, choice.name), visit.language, text=words)
    return tell_and_go_on(visit, Answer(reason_text(Reason.TOLD, choice.name), lambda _words: [told]), AFTER_TELL)


def _served(visit: Visit, service: Service) -> Step:
    """Who could not be helped hears a goodbye all the same."""
    step = service.run(visit)
    if isinstance(step, TurnedAway):
        visit.say("goodbye")
    return step


def _to_queue(visit: Visit, queue: str, name: str, services: Mapping[str, Service]) -> Step:
    """A team was chosen. A caller who has just heard something that this team settles arrives with that as the reason."""
    about = visit.subject if visit.subject_queue == queue else name
    if visit.has_people(queue) or _waits_anyway(visit, queue):
        return visit.connect(queue, about)
    visit.queue, visit.subject = queue, about
    if visit.is_open or visit.own_hours(queue) is not None:
        return _queue_closed(visit, services)
    raise PersonWanted(Reason.ASKED_FOR_PERSON)


def _waits_anyway(visit: Visit, queue: str) -> bool:
    """Whether a caller goes in line though nobody is there: in a flow that has nothing instead of a person while it is closed.
    Never for a queue with hours of its own."""
    return not visit.is_open and visit.version.flow.instead_of_person is None and visit.own_hours(queue) is None


def _queue_closed(visit: Visit, services: Mapping[str, Service]) -> Step:
    """The team that is wanted is closed: when it opens again, and what there is until then."""
    opening, menu = visit.queue_opening(visit.queue), visit.version.flow.queue_closed
    told = queue_closed_answer(opening, visit.closed(visit.queue), visit.now) if opening else []
    if menu is None:
        visit.line.say(*told)
        return _instead_of_person(visit, services)
    try:
        return go_on(visit.choose(menu, *told))
    except PersonWanted:
        if visit.person_queue:
            raise
        return _instead_of_person(visit, services)


def _nobody_there(visit: Visit, problem: PersonWanted | Unavailable, services: Mapping[str, Service]) -> Step:
    """Nobody is there to talk to. Nobody waits in a line that no one serves."""
    wanted = problem.reason if isinstance(problem, PersonWanted) else Reason.BACK_END_DOWN
    visit.line.note("person", wanted)
    if wanted is Reason.BACK_END_DOWN:
        visit.say("sorry_back_end")
    return _queue_closed(visit, services) if visit.is_open else _instead_of_person(visit, services)


def _instead_of_person(visit: Visit, services: Mapping[str, Service]) -> Step:
    """What the flow offers instead of a person, else when somebody is there again, and a goodbye."""
    instead = visit.version.flow.instead_of_person
    try:
        step = services[instead].run(visit) if instead else Next.GOODBYE
        if step is not Next.GOODBYE and not isinstance(step, TurnedAway):
            return step
    except (PersonWanted, Unavailable):
        if visit.person_queue:
            raise
    hours = hours_answer(visit.opening, visit.language, visit.now) if visit.opening and not visit.is_open else []
    visit.line.say(*hours, visit.prompt("goodbye"))
    return TurnedAway(visit.subject)
