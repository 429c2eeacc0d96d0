"""Asks for a number by key or by voice: digit after digit, with a person one key away."""

from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import dataclass

from ivr.flow import PERSON_KEY
from ivr.flow_version import FlowVersion
from ivr.hearing import Doubtful, Taken, judge_number
from ivr.line import CallerLine, Heard, Prompt
from ivr.menu import YES_NO_WAIT_S, Ears, PersonWanted, is_yes, retry_key, wants_person
from ivr.number_form import NumberForm
from ivr.reasons import Reason
from ivr.spoken import spoken_digits

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

    One with a `form` may be said too. Heard less clearly it is asked back, unless whoever asks reads it back in any case
    (`is_read_back`).
    """

    name: str
    length: int
    may_begin_with_zero: bool = False
    secret: bool = False
    gap_s: float = _NEXT_KEY_WAIT_S
    lengths: Callable[[str], Collection[int]] | None = None
    is_whole: Callable[[str], bool] | None = None
    form: NumberForm | None = None
    is_read_back: bool = False

    def missing(self, digits: str) -> int:
        """How many digits there are to the next length that such a number may have; 0 when it can't go on."""
        possible = (self.lengths(digits) if self.lengths else ()) or (self.length,)
        return min((length - len(digits) for length in possible if length > len(digits)), default=0)

    def wait_s(self, digits: str) -> float:
        """How long the next key may take."""
        return min(_MORE_WAIT_S, self.gap_s) if self.is_whole and self.is_whole(digits) else self.gap_s


@dataclass(frozen=True, slots=True)
class NumberEntry:
    """A number's question, ready to be asked of one caller in their `language`."""

    question: NumberQuestion
    version: FlowVersion
    language: str

    def ask(self, line: CallerLine, ears: Ears, *opening: Prompt, attempt: int = 1) -> str:
        """The digits that the caller types or says, as many as came, at least one; nothing is noted but that they came.

        `opening` is spoken before the question; `attempt` is the number of the question's first wording.
        Raises PersonWanted when asked for, and after three times without an answer.
        """
        with line.private() if self.question.secret else nullcontext():
            return self._ask(line, ears, opening, attempt)

    def _ask(self, line: CallerLine, ears: Ears, opening: tuple[Prompt, ...], attempt: int) -> str:
        name = self.question.name
        prompts = [*opening, self._wording(attempt)]
        for missed_times in range(1, _TRIES + 1):
            heard = self._listen(line, ears, prompts)
            digits = self._digits(line, ears, heard)
            if digits:
                return digits
            missed = Reason.NOT_UNDERSTOOD if heard.spoke or heard.words else Reason.NO_INPUT
            if missed is Reason.NOT_UNDERSTOOD:
                ears.misheard += 1
            line.note(name, missed)
            prompts = [Prompt(retry_key(missed, missed_times + 1), self.language), self._wording(missed_times + 1)]
        raise PersonWanted(missed)

    def _wording(self, number: int) -> Prompt:
        return Prompt(f"{self.question.name}_{min(number, _TRIES)}", self.language)

    def _listen(self, line: CallerLine, ears: Ears, prompts: list[Prompt]) -> Heard:
        # No number begins with 0, so the first key alone tells a number from the wish for a person.
        most = self.question.length if self.question.may_begin_with_zero else 1
        form = self.question.form
        if form is not None and ears.listening and self.version.speech_set:
            grammar = self.version.number_grammar(self.language, form)
            return line.ask(*prompts, grammar=grammar, most=most, wait_s=_FIRST_KEY_WAIT_S)
        return Heard(keys=line.ask_keys(*prompts, most=most, wait_s=_FIRST_KEY_WAIT_S))

    def _digits(self, line: CallerLine, ears: Ears, heard: Heard) -> str:
        question = self.question
        if wants_person(heard, self.version):
            line.note(question.name, Reason.ASKED_FOR_PERSON)
            raise PersonWanted(Reason.ASKED_FOR_PERSON)
        if heard.words:
            digits = self._understood(line, heard)
            ears.misheard = 0 if digits else ears.misheard
            return digits
        first = heard.keys
        if first == "*":  # no part of a number: as if it had not been pressed
            first = line.ask_keys(most=1, wait_s=_FIRST_KEY_WAIT_S)
            if first == PERSON_KEY:
                return self._digits(line, ears, Heard(keys=first))
        if not first or question.may_begin_with_zero:
            return first.replace("*", "")
        return self._with_rest(line, first)

    def _understood(self, line: CallerLine, heard: Heard) -> str:
        """The digits that were said, asked back where they were not heard clearly; "" when that is no number to act on."""
        match judge_number(heard, self.question.form):
            case Taken(digits):
                return digits
            case Doubtful(digits) if self.question.is_read_back or self._is_meant(line, digits):
                return digits
        return ""

    def _is_meant(self, line: CallerLine, digits: str) -> bool:
        prompt = Prompt("did_you_say", self.language, {"phrase": spoken_digits(digits, self.language)})
        line.say()  # a key from before was meant for something else
        heard = line.ask(prompt, grammar=self.version.yes_no_grammar(), wait_s=YES_NO_WAIT_S)
        if wants_person(heard, self.version):
            line.note(self.question.name, Reason.ASKED_FOR_PERSON)
            raise PersonWanted(Reason.ASKED_FOR_PERSON)
        return is_yes(heard)

    def _with_rest(self, line: CallerLine, digits: str) -> str:
        while missing := self.question.missing(digits):
            pressed = line.ask_keys(most=missing, wait_s=self.question.wait_s(digits))
            digits = (digits + pressed).replace("*", "")
            if len(pressed) < missing:
                break
        return digits
