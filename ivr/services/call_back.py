"""Call-back: a person rings the caller later, at the number they call from or another one."""

from collections.abc import Mapping

from ivr.callback_promise import ask_callback_number, promise
from ivr.reasons import Reason, reason_text
from ivr.services.service import Next, Step
from ivr.visit import Visit


class CallBack:
    """Takes the wish as a task of the team that settles what the caller was doing."""

    name = "call_back"
    menus: Mapping[str, frozenset[str]] = {}  # never changed

    def run(self, visit: Visit) -> Step:
        subject = visit.subject or reason_text(Reason.CALL_BACK)
        number = ask_callback_number(visit)
        if not number:
            visit.say("call_back_no_number")
            return Next.MAIN_MENU
        kept = promise(visit, number, visit.queue, subject)
        visit.say("callback_promised")
        return kept
