"""Runs a published flow from its greeting to its outcome: menus lead to services, to other menus, or to a person."""

from collections.abc import Mapping

from ivr.flow import Choice, tell_key
from ivr.hours_answer import hours_answer
from ivr.line import Prompt
from ivr.outcome import Contained, Outcome, RouteTo
from ivr.reasons import Reason, reason_text
from ivr.services import SERVICES
from ivr.services.service import Next, Service
from ivr.visit import GENERAL_QUEUE, Visit
from ivr.welcome import welcome

AFTER_TELL = "after_tell"  # what next, after something was told; a flow that tells has it


def run_flow(visit: Visit, is_open: bool = True, services: Mapping[str, Service] = SERVICES) -> Outcome:
    """The whole flow. Key 0 (PersonWanted), a hang-up and a dead back end are left to the runner, as in every flow."""
    lead_in = _say_if_closed(visit, welcome(visit))
    is_open = is_open and (visit.opening is None or visit.opening.open)
    first_menu = visit.version.flow.first_menu(visit.line.call.dnis, visit.segment, is_open)
    menu = first_menu
    while True:
        choice = visit.version.menu(menu).choice(visit.ask(menu, *lead_in))
        assert choice is not None, "a menu answers with one of its own choices"
        if choice.menu:
            menu, lead_in = choice.menu, ()
            continue
        if choice.queue:
            return _to_queue(visit, choice)
        step = services[choice.does].run(visit) if choice.does else _tell(visit, menu, choice)
        if not isinstance(step, Next):
            return step
        if step is Next.GOODBYE:
            visit.say("goodbye")
            return Contained(visit.subject)
        visit.queue, menu, lead_in = GENERAL_QUEUE, first_menu, ()


def _say_if_closed(visit: Visit, greeting: tuple[Prompt, ...]) -> tuple[Prompt, ...]:
    """What opens the first menu. The message of an emergency is spoken at once and to its end; closing time may be cut short."""
    if visit.opening is None or visit.opening.open:
        return greeting
    told = tuple(hours_answer(visit.opening, visit.language, visit.now))
    if visit.opening.emergency is None:
        return (*greeting, *told)
    visit.line.say(*greeting, *told)
    return ()


def _to_queue(visit: Visit, choice: Choice) -> RouteTo:
    """A team was chosen. A caller who has just heard something that this team settles arrives with that as the reason."""
    queue = str(choice.queue)
    about = visit.subject if visit.subject_queue == queue else choice.name
    visit.line.say(visit.connecting(queue))
    return RouteTo(queue, about, visit.language, visit.customer_id)


def _tell(visit: Visit, menu: str, choice: Choice) -> Next:
    words = (choice.tell or {})[visit.language]
    told = Prompt(tell_key(menu, choice.name), visit.language, text=words)
    reason = reason_text(Reason.TOLD, choice.name)
    while True:
        next_step = visit.answer(reason, [told], AFTER_TELL)
        if next_step != "again":
            return Next(next_step)
