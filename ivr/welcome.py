"""The beginning of every call: who is calling, and in which language."""

from core.errors import Unavailable
from ivr.desk import CallerFacts
from ivr.hours_answer import hours_answer
from ivr.line import Prompt
from ivr.spoken import LANGUAGES
from ivr.visit import Visit

LANGUAGE_MENU = "language"  # every flow has it; its choices are named by the languages


def welcome(visit: Visit) -> tuple[Prompt, ...]:
    """Find out who is calling and in which language; returns the greeting if it was not spoken yet.

    A greeting that opens the main menu can be cut short, so a caller who knows the way loses no time.
    """
    visit.people = _who_calls(visit)
    if len(visit.people) == 1:
        visit.caller = visit.people[0]
        visit.customer_id = visit.caller.customer_id
    known = {customer.language for customer in visit.people}
    language = visit.line.call.language or (known.pop() if len(known) == 1 else None)
    if language in LANGUAGES:
        visit.identify(visit.customer_id, language)
        _tell_emergency(visit, language)
        return (visit.prompt(f"greeting_{part_of_day(visit.now.hour)}"), *_closed(visit))
    _tell_emergency(visit, *LANGUAGES)
    chosen = visit.ask(LANGUAGE_MENU, *(Prompt("welcome", spoken) for spoken in LANGUAGES), languages=LANGUAGES)
    visit.identify(visit.customer_id, chosen)
    return _closed(visit)


def _tell_emergency(visit: Visit, *languages: str) -> None:
    """Before anything else, and to its end; a recording once, whatever the languages: there is one for all of them."""
    if visit.opening is None or visit.opening.emergency is None:
        return
    told: list[Prompt] = []
    for language in languages:
        played = {prompt.recording for prompt in told if prompt.recording}
        told += [each for each in hours_answer(visit.opening, language, visit.now) if each.recording not in played]
    visit.line.say(*told)


def _closed(visit: Visit) -> tuple[Prompt, ...]:
    """That nobody is there now, and from when on; an emergency has been told already."""
    opening = visit.opening
    if opening is None or opening.open or opening.emergency:
        return ()
    return tuple(hours_answer(opening, visit.language, visit.now))


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
