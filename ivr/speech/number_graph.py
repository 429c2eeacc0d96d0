"""What may be said where a number is asked for, as a graph of words: the numbers of one form and nothing near them.

Told the form, the search weighs whole numbers that can be right against each other; without it, it takes digit after digit, and
one that is swallowed or heard twice costs the whole number. A number of another form is heard too, as what it is, when it fits
what was said far better: else a caller who reads a wrong number would be given the nearest right one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ivr.hearing import DOUBLE_WORDS, KEY_OF_WORD
from ivr.number_form import NumberForm, Place
from ivr.speech.fst_file import Arc
from ivr.speech.phrase_match import UNKNOWN
from ivr.speech.pronunciation import DIGITS

# Costs (-log of a probability) beside those of the sounds, fitted on voices that neither train nor test the model: see benchmarks.
_DIGIT = 2.4  # one of eleven words
_DOUBLE = 5.0
_OTHER_NUMBER = 4.0
_MAY_GO_ON = 3.0
_PHRASE = 2.0
_UNKNOWN = 6.4
START = 0


@dataclass(slots=True)
class NumberGraph:
    """The graph's arcs and the costs of ending by state, for words by number as `words` gives them."""

    form: NumberForm
    words: Mapping[str, int]
    arcs: list[Arc] = field(default_factory=list)
    finals: dict[int, float] = field(default_factory=dict)
    _states: int = START

    def add_digits(self, language: str) -> None:
        """The numbers of the form in the digits of this language, and other strings of its digits at a price."""
        digits = [(word, int(KEY_OF_WORD[word])) for word in DIGITS[language] if word in self.words]
        doubles = [word for word in DOUBLE_WORDS[language] if word in self.words]
        states = {Place(): START}
        todo = [Place()]

        def reach(source: int, place: Place, times: int) -> None:
            for word, digit in digits:
                reached = self._after(place, digit, times)
                if reached is None:
                    continue
                if reached not in states:
                    states[reached] = self._state()
                    todo.append(reached)
                before = self._after(place, digit, times - 1)
                self._path(source, states[reached], [word], _DIGIT + self._for_being_last(before, reached))

        while todo:
            place = todo.pop()
            reach(states[place], place, times=1)
            if place.digits + 2 <= self.form.longest:
                for double in doubles:
                    between = self._state()
                    self._path(states[place], between, [double], _DOUBLE)
                    reach(between, place, times=2)
        for place, state in states.items():
            if self.form.may_end(place):
                is_last = self.form.checked or not self.form.may_go_on(place)
                self.finals[state] = 0.0 if is_last else _MAY_GO_ON
        self._add_others(digits)

    def add_phrases(self, phrases: Sequence[str]) -> None:
        """Whole phrases, each instead of a number."""
        for phrase in phrases:
            if all(word in self.words for word in phrase.split()):
                end = self._state()
                self._path(START, end, phrase.split(), _PHRASE)
                self.finals[end] = 0.0

    def add_unknown(self) -> None:
        """Silence, and speech that is nothing of all this."""
        self.finals[START] = 0.0
        if UNKNOWN in self.words:
            state = self._state()
            self._path(START, state, [UNKNOWN], _UNKNOWN)
            self._path(state, state, [UNKNOWN], 0.0)
            self.finals[state] = 0.0

    def _after(self, place: Place, digit: int, times: int) -> Place | None:
        reached: Place | None = place
        for _ in range(times):
            reached = self.form.after(reached, digit) if reached is not None else None
        return reached

    def _for_being_last(self, before: Place | None, reached: Place) -> float:
        """What ending too early would cost, where the numbers of a country are over: else the longest would be heard too often."""
        may_be_shorter = self.form.plan is not None and before is not None and self.form.may_end(before)
        return _MAY_GO_ON if may_be_shorter and not self.form.may_go_on(reached) else 0.0

    def _add_others(self, digits: Sequence[tuple[str, int]]) -> None:
        state = self._state()
        self.finals[state] = _DIGIT
        for word, _ in digits:
            self._path(START, state, [word], _DIGIT + _OTHER_NUMBER)
            self._path(state, state, [word], _DIGIT)

    def _state(self) -> int:
        self._states += 1
        return self._states

    def _path(self, source: int, target: int, words: Sequence[str], cost: float) -> None:
        """Say these words on the way from one state to another."""
        for word in words[:-1]:
            between = self._state()
            self.arcs.append(Arc(source, between, self.words[word], self.words[word], cost))
            source, cost = between, 0.0
        self.arcs.append(Arc(source, target, self.words[words[-1]], self.words[words[-1]], cost))


def number_graph(
    form: NumberForm, languages: Sequence[str], phrases: Sequence[str], words: Mapping[str, int]
) -> tuple[list[Arc], dict[int, float]]:
    """Arcs and costs of ending: numbers of the form in one of the languages, or one of the phrases, or unknown speech.

    `words` are the numbers of the words in the graph below; what it lacks can't be said.
    """
    graph = NumberGraph(form, words)
    for language in languages:
        graph.add_digits(language)
    graph.add_phrases(phrases)
    graph.add_unknown()
    return graph.arcs, graph.finals
