"""Tells a caller something and asks what next: hear it again, have it as a text message, or go on."""

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import Unavailable
from ivr.catalogue import text_of
from ivr.line import Prompt
from ivr.messages import TextRefused
from ivr.visit import Chosen, Visit
from ivr.wording import Wording

AGAIN, TEXT_ME = "again", "text_me"


@dataclass(frozen=True, slots=True)
class Answer:
    """Something to tell: its `reason` (ivr.reasons), and its sentences in given words."""

    reason: str
    sentences: Callable[[Wording], list[Prompt]]


def tell(visit: Visit, answer: Answer, after: str) -> Chosen:
    """Speak the answer and ask the menu `after`, until something else is chosen than to hear it again or have it as a text."""
    aloud = answer.sentences(visit.aloud)
    name = visit.answer(answer.reason, aloud, after)
    while name in (AGAIN, TEXT_ME):
        name = visit.answer(answer.reason, aloud, after) if name == AGAIN else visit.ask(after, _send(visit, answer))
    return visit.chosen(after, name)


def _send(visit: Visit, answer: Answer) -> Prompt:
    """Send it, and what to say about that. A message that can't be sent costs the caller a sentence, never the call."""
    text = " ".join(text_of(prompt) for prompt in answer.sentences(visit.written))
    call = visit.line.call
    try:
        visit.look_up("send_text", lambda _desk: visit.messenger.send_text(call.ani, text, call.interaction_id))
    except (TextRefused, Unavailable) as problem:
        visit.line.note(TEXT_ME, problem.code)
        return visit.prompt("text_not_sent")
    visit.line.note(TEXT_ME, "sent")
    return visit.prompt("text_sent")
