"""Our own call to a customer who was promised it: whoever answers is asked whether it is them. A machine does not say yes."""

from ivr.menu import is_yes
from ivr.visit import Visit

_TRIES = 3
_WAIT_S = 4.0


def is_them(visit: Visit) -> bool:
    """True for the key 1 or a spoken yes. Another key, a no, and silence at all tries are none. Raises HungUp."""
    visit.hear_first()
    for number in range(1, _TRIES + 1):
        key = "called_is_it_you" if number == 1 else "called_is_it_you_again"
        heard = visit.line.ask(visit.prompt(key), grammar=visit.version.yes_no_grammar(), wait_s=_WAIT_S)
        if is_yes(heard):
            visit.line.note("called_back", "them")
            return True
        if heard.keys:
            break
    visit.line.note("called_back", "not_them")
    return False
