"""The beginning of every call: who is calling, and in which language."""

from core.errors import Unavailable
from ivr.desk import CallerFacts
from ivr.line import Prompt
from ivr.spoken import LANGUAGES
from ivr.visit import Visit

LANGUAGE_MENU = "language"  # every flow has it; its choices are named by the languages


def welcome(visit: Visit) -> tuple[Prompt, ...]:
    """Find out who is calling and in which language; returns the greeting if it was not spoken yet.

    A greeting that opens the main menu can be cut short, so a caller who knows the way loses no time.
    """
    customers = _who_calls(visit)
    if len(customers) == 1:
        visit.customer_id, visit.segment = customers[0].customer_id, customers[0].segment
    known = {customer.language for customer in customers}
    language = visit.line.call.language or (known.pop() if len(known) == 1 else None)
    if language in LANGUAGES:
        visit.identify(visit.customer_id, language)
        return (visit.prompt(f"greeting_{part_of_day(visit.now.hour)}"),)
    chosen = visit.ask(LANGUAGE_MENU, *(Prompt("welcome", spoken) for spoken in LANGUAGES), languages=LANGUAGES)
    visit.identify(visit.customer_id, chosen)
    return ()


def _who_calls(visit: Visit) -> tuple[CallerFacts, ...]:
    number = visit.line.call.ani
    if not number:
        return ()
    try:
        return visit.look_up("callers", lambda desk: desk.callers(number))
    except Unavailable:
        return ()  # goes on as a stranger: the way to a person needs no records


def part_of_day(hour: int) -> str:
    if 4 <= hour < 11:
        return "morning"
    if 11 <= hour < 15:
        return "midday"
    return "afternoon" if 15 <= hour < 18 else "evening"
