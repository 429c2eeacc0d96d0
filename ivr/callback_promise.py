"""Promises a caller to be called back: at which number, by when, and kept whatever fails next."""

from datetime import datetime, timedelta

from core.errors import Unavailable
from core.log import get_log
from crm.callback_tasks import CallbackWish
from crm.phone_numbers import for_people, to_e164
from ivr.line import Heard, Prompt
from ivr.menu import PersonWanted, is_yes, wants_person
from ivr.message_box import MessageBox
from ivr.number_entry import NumberQuestion
from ivr.number_form import PHONE_NUMBER
from ivr.outcome import CallBack
from ivr.reasons import Reason
from ivr.spoken import spoken_digits
from ivr.visit import Visit

DUE_AFTER = timedelta(hours=2)
PHONE_IS_FREE = timedelta(seconds=15)  # from the promise on: heard, and hung up
NUMBER = NumberQuestion("callback_number", PHONE_NUMBER.longest, may_begin_with_zero=True, form=PHONE_NUMBER, is_read_back=True)
_WAIT_S = 5.0
_SHORTEST, _TRIES = 8, 2

_log = get_log(__name__)


def ask_callback_number(visit: Visit) -> str:
    """The number to call back, E.164: the one they call from, confirmed, or another one. Raises PersonWanted, as a menu does."""
    own = visit.line.call.ani
    if own:
        number = spoken_digits("".join(filter(str.isdigit, for_people(own, visit.country))), visit.language)
        if is_yes(_confirm(visit, visit.prompt("callback_own_number", number=number))):
            return own
    for attempt in range(1, _TRIES + 1):
        typed = visit.ask_number(NUMBER, attempt=attempt)
        found = to_e164(typed, visit.country) if len(typed) >= _SHORTEST else None
        if found and is_yes(_confirm(visit, visit.prompt("callback_number_is", number=spoken_digits(typed, visit.language)))):
            return found
    return ""


def promise(
    visit: Visit, number: str, queue: str, reason: str, recording: str = "", place: str = "", at: datetime | None = None,
    interaction_id: str = "",
) -> CallBack:  # fmt: skip
    """Keep the promise: on disk at once, then in the records; when those are away, the worker brings it there later.

    With a `place`, as routing writes it, they keep it and are called when it is reached; `at` is the moment that they chose, and
    `interaction_id` the interaction that begins then.
    Raises Unavailable when it can be kept nowhere.
    """
    now = visit.moment
    opening = visit.queue_opening(queue)
    opens_next = opening.opens_next if opening else None
    due_at = at or (now + PHONE_IS_FREE if place else max(now, opens_next or now) + DUE_AFTER)
    interaction_id = interaction_id or visit.line.call.interaction_id
    wish = CallbackWish(
        interaction_id, number, queue, visit.language, due_at, visit.customer_id, reason, recording, place=place
    )  # fmt: skip
    on_disk = _put(visit.message_box, wish)
    try:
        visit.look_up("add_callback_task", lambda desk: desk.add_callback_task(wish, now))
    except Unavailable:
        if not on_disk:
            raise
    else:
        if on_disk:
            visit.message_box.forget(wish.interaction_id)
    return CallBack(queue, reason)


def _put(box: MessageBox, wish: CallbackWish) -> bool:
    try:
        box.put(wish)
    except OSError as problem:
        _log.error("message_box_full", why=type(problem).__name__)
        return False
    return True


def _confirm(visit: Visit, prompt: Prompt) -> Heard:
    """The answer to a number read back; a key too many of the number is none."""
    visit.hear_first()
    heard = visit.line.ask(prompt, grammar=visit.version.yes_no_grammar(), wait_s=_WAIT_S)
    if wants_person(heard, visit.version):
        raise PersonWanted(Reason.ASKED_FOR_PERSON)
    return heard
