"""Where the caller is, by their postcode: so that an agent near by can be found."""

from ivr.menu import PersonWanted
from ivr.number_entry import NumberQuestion
from ivr.number_form import POSTCODE
from ivr.reasons import Reason
from ivr.services.service import Next, Step, go_on
from ivr.visit import Visit

QUESTION = NumberQuestion("postcode", POSTCODE.longest, form=POSTCODE)
AFTER_POSTCODE = "after_postcode"
_TRIES = 2


class Postcode:
    """Asks for the five digits of a postcode, twice at most, and then the menu that follows, whose choices lead to people."""

    name = "postcode"
    menus = {AFTER_POSTCODE: frozenset(Next)}  # noqa: RUF012  # never changed

    def run(self, visit: Visit) -> Step:
        for attempt in range(1, _TRIES + 1):
            typed = visit.ask_number(QUESTION, attempt=attempt)
            if len(typed) == QUESTION.length:
                visit.postcode = typed
                break
            visit.line.note(QUESTION.name, Reason.WRONG_INPUT)
        else:
            raise PersonWanted(Reason.WRONG_INPUT)
        return go_on(visit.choose(AFTER_POSTCODE))
