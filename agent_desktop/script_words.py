"""The parts of a script in the reader's words: facts, actions, samples, when it opens, what a change is about."""

from agent_desktop.flow_names import queue_name
from agent_desktop.texts import _, _later
from scripts.condition_words import condition_words
from scripts.facts import Value
from scripts.model import Script

SAMPLES = {
    "late_payer": _later("Ibu Sari: pays late, calls again, a late order"),
    "newcomer": _later("Mr Carter: new, speaks English, an order on its way"),
    "stranger": _later("Somebody whom nobody knows"),
}
ACTIONS = {
    "write_note": _later("Writes in the note"),
    "open_ticket": _later("Opens a ticket"),
    "schedule_call": _later("Has them called again"),
    "offer": _later("Makes the offer"),
    "transfer": _later("Hands over"),
}
_PARTS = {
    "title.id": _later("Title, Indonesian"),
    "title.en": _later("Title, English"),
    "say.id": _later("Said, Indonesian"),
    "say.en": _later("Said, English"),
    "queues": _later("Queues"),
    "opens_when": _later("Opens when"),
    "priority": _later("Priority"),
    "first": _later("First page"),
    "ask": _later("Asked"),
    "next": _later("Leads to"),
    "passed_over": _later("Passed over"),
    "dispositions": _later("Dispositions"),
}


_ANSWERS = {
    "yes": _later("Yes"),
    "no": _later("No"),
    "next": _later("Go on"),
    "typed": _later("typed in"),
    "empty": _later("left empty"),
}


def part_words(part: str) -> str:
    """A part of a script or of one of its pages, such as "say.id" or "answers.pays.en"."""
    if part in _PARTS:
        return str(_PARTS[part])
    head, _dot, rest = part.partition(".")
    name, _dot, last = rest.rpartition(".")
    if head == "answers":
        answer = _("Answer %(name)s", name=name)
        return _("%(part)s leads to", part=answer) if last == "next" else f"{answer} ({last})"
    if head == "actions":
        does = rest.partition(".")[0]
        return f"{ACTIONS.get(does, does)}" + (f" ({last})" if name else "")
    if part in ("ask.yes", "ask.no"):
        return _("%(part)s leads to", part=_("Yes") if rest == "yes" else _("No"))
    return f"{_PARTS.get(head, head)} ({rest})"


def fact_words(value: Value | None) -> str:
    """What a fact is."""
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def answer_words(answer: str) -> str:
    """An answer as the log has it that is no choice of its page: yes, no, next, and of what was typed in that something was."""
    return str(_ANSWERS.get(answer, answer))


def queues_words(script: Script) -> str:
    """For which queues it is."""
    return ", ".join(queue_name(queue) for queue in script.queues) if script.queues else _("every queue")


def opens_words(script: Script) -> str:
    """When it opens by itself."""
    return condition_words(script.opens_when) if script.opens_when else _("when no other does")
