"""Asks for a number by key or by voice: digit after digit, with a person one key away."""

from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import dataclass, replace

from ivr.flow import PERSON_KEY
from ivr.hearing import spoken_digits_to_keys
from ivr.line import Heard, Prompt
from ivr.menu import PersonWanted, retry_key, wants_person
from ivr.reasons import Reason
from ivr.visit import Visit

_FIRST_KEY_WAIT_S = 8.0  # time to find the slip
_NEXT_KEY_WAIT_S = 4.0
_MORE_WAIT_S = 2.0  # after a number that is whole and might be longer
_TRIES = 3


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """A number of `length` digits. The catalogue holds the question as `<name>_1`, `<name>_2` and `<name>_3`.

    Where no number begins with 0, a 0 alone tells at once that a person is wanted; else only when nothing follows it.
    A `secret` one is typed, never said aloud, while the line is private. `gap_s` is the time from key to key.

    Of numbers that are not all as long, `lengths` tells how many digits one may have that begins with those given, and
    `is_whole` whether those given can be all: then the next key must come soon. `length` is then the longest.
    """

    name: str
    length: int
    may_begin_with_zero: bool = False
    secret: bool = False
    gap_s: float = _NEXT_KEY_WAIT_S
    lengths: Callable[[str], Collection[int]] | None = None
    is_whole: Callable[[str], bool] | None = None

    def missing(self, digits: str) -> int:
        """How many digits there are to the next length that such a number may have; 0 when it can't go on."""
        possible = (self.lengths(digits) if self.lengths else ()) or (self.length,)
        return min((length - len(digits) for length in possible if length > len(digits)), default=0)

    def wait_s(self, digits: str) -> float:
        """How long the next key may take."""
        return min(_MORE_WAIT_S, self.gap_s) if self.is_whole and self.is_whole(digits) else self.gap_s


def ask_number(visit: Visit, question: NumberQuestion, opening: list[Prompt], attempt: int = 1) -> str:
    """The digits that the caller types or says, as many as came, at least one; nothing is noted but that they came.

    `opening` is spoken before the question; `attempt` is the number of the question's first wording.
    Raises PersonWanted when asked for, and after three times without an answer.
    """
    with visit.private() if question.secret else nullcontext():
        return _ask(visit, question, opening, attempt)


def _ask(visit: Visit, question: NumberQuestion, opening: list[Prompt], attempt: int) -> str:
    prompts = [*opening, visit.prompt(f"{question.name}_{min(attempt, _TRIES)}")]
    for missed_times in range(1, _TRIES + 1):
        heard = _listen(visit, question, prompts)
        digits = _digits(visit, question, heard)
        if digits:
            return digits
        missed = Reason.NOT_UNDERSTOOD if heard.spoke or heard.words else Reason.NO_INPUT
        if missed is Reason.NOT_UNDERSTOOD:
            visit.ears.misheard += 1
        visit.line.note(question.name, missed)
        wording = visit.prompt(f"{question.name}_{min(missed_times + 1, _TRIES)}")
        prompts = [visit.prompt(retry_key(missed, missed_times + 1)), wording]
    raise PersonWanted(missed)


def _listen(visit: Visit, question: NumberQuestion, prompts: list[Prompt]) -> Heard:
    # No number begins with 0, so the first key alone tells a number from the wish for a person.
    most = question.length if question.may_begin_with_zero else 1
    if not question.secret and visit.ears.listening and visit.version.speech_set:
        grammar = replace(visit.version.number_grammar(visit.language), length=question.length)
        return visit.line.ask(*prompts, grammar=grammar, most=most, wait_s=_FIRST_KEY_WAIT_S)
    return Heard(keys=visit.line.ask_keys(*prompts, most=most, wait_s=_FIRST_KEY_WAIT_S))


def _digits(visit: Visit, question: NumberQuestion, heard: Heard) -> str:
    if wants_person(heard, visit.version):
        visit.line.note(question.name, Reason.ASKED_FOR_PERSON)
        raise PersonWanted(Reason.ASKED_FOR_PERSON)
    if heard.words:
        digits = spoken_digits_to_keys(heard.words)
        visit.ears.misheard = 0 if digits else visit.ears.misheard
        return digits
    first = heard.keys
    if first == "*":  # no part of a number: as if it had not been pressed
        first = visit.line.ask_keys(most=1, wait_s=_FIRST_KEY_WAIT_S)
        if first == PERSON_KEY:
            return _digits(visit, question, Heard(keys=first))
    if not first or question.may_begin_with_zero:
        return first.replace("*", "")
    return _with_rest(visit, question, first)


def _with_rest(visit: Visit, question: NumberQuestion, digits: str) -> str:
    while missing := question.missing(digits):
        pressed = visit.line.ask_keys(most=missing, wait_s=question.wait_s(digits))
        digits = (digits + pressed).replace("*", "")
        if len(pressed) < missing:
            break
    return digits
