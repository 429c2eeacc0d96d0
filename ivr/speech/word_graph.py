"""The graph that the recogniser searches: phones of the model to words, with a phone loop for every other sound of speech.

Vosk composes it with the grammar of the moment, so one graph serves all questions of a speech set. Input labels are the model's
transition numbers, as Kaldi counts them: phone k has 2k for beginning it and 2k - 1 for going on in it.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.speech.fst_file import Arc, write_fst
from ivr.speech.phones import PHONES, SILENCE, Pronunciation

UNKNOWN = "[unk]"
_PLACES = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
MODEL_PHONES = (SILENCE, *(f"{phone}_{place}" for phone in PHONES for place in "BEIS"))
"""The model's phones, numbered from 1: the place in the word is part of each, so that words can be told apart in the result."""
_NUMBERS = {phone: number for number, phone in enumerate(MODEL_PHONES, start=1)}
_SILENCE_CHANCE = 0.5


@dataclass(frozen=True, slots=True)
class PhoneCosts:
    """How likely each phone follows each in speech at large, as costs, by (before, after); the sound of unknown words.

    `unknown_penalty` is added per phone: higher, and fewer words are taken for unknown.
    """

    follow: Mapping[tuple[str, str], float]
    unknown_penalty: float


class _Graph:
    """Collects arcs. State 0 starts, 1 is between two words and may end, 2 is in silence."""

    def __init__(self) -> None:
        self.arcs: list[Arc] = []
        self._states = 3
        self._silence_cost, self._no_silence_cost = -math.log(_SILENCE_CHANCE), -math.log(1 - _SILENCE_CHANCE)
        silence = _NUMBERS[SILENCE]
        self.arc(0, 1, cost=self._no_silence_cost)
        self.arc(0, 2, 2 * silence, cost=self._silence_cost)
        self.arc(2, 2, 2 * silence - 1)
        self.arc(2, 1)

    def arc(self, source: int, target: int, reads: int = 0, writes: int = 0, cost: float = 0.0) -> None:
        self.arcs.append(Arc(source, target, reads, writes, cost))

    def state(self) -> int:
        self._states += 1
        return self._states - 1

    def phone(self, source: int, phone: str, writes: int = 0, cost: float = 0.0) -> int:
        """A new state that is reached by one phone and stays in it."""
        number, state = _NUMBERS[phone], self.state()
        self.arc(source, state, 2 * number, writes, cost)
        self.arc(state, state, 2 * number - 1)
        return state

    def end_word(self, state: int) -> None:
        self.arc(state, 1, cost=self._no_silence_cost)
        self.arc(state, 2, 2 * _NUMBERS[SILENCE], cost=self._silence_cost)


Sentences = Callable[[Mapping[str, int]], tuple[list[Arc], dict[int, float]]]
"""Given the words' numbers: the arcs of what may be said, from state 0 on, and the costs of ending by state."""


def write_graph(
    folder: Path, lexicon: Mapping[str, Sequence[Pronunciation]], costs: PhoneCosts, sentences: Sentences | None = None
) -> None:
    """Write Vosk's `graph` folder for a vocabulary into `folder`, which must exist and be empty.

    Without `sentences` any words may follow each other: Vosk is then told at each question what may be said.
    """
    words = ["<eps>", *sorted(lexicon), UNKNOWN, "#0", "<s>", "</s>"]
    numbers = {word: number for number, word in enumerate(words)}
    graph = _Graph()
    for word, ways in sorted(lexicon.items()):
        for way in ways:
            _add_word(graph, way, numbers[word])
    _add_unknown(graph, numbers[UNKNOWN], costs)
    write_fst(folder / "HCLr.fst", graph.arcs, {1: 0.0}, "output")
    arcs, finals = (sentences or _any_words)({word: numbers[word] for word in (*sorted(lexicon), UNKNOWN)})
    write_fst(folder / "Gr.fst", arcs, finals, "input")
    (folder / "words.txt").write_text("".join(f"{word} {number}\n" for word, number in numbers.items()), encoding="ascii")
    (folder / "disambig_tid.int").write_text("", encoding="ascii")  # words that sound alike are told apart by the grammar alone
    (folder / "phones").mkdir()
    boundary = "".join(f"{number} {_PLACES.get(phone.rpartition('_')[2], 'nonword')}\n" for phone, number in _NUMBERS.items())
    (folder / "phones" / "word_boundary.int").write_text(boundary, encoding="ascii")


def _any_words(words: Mapping[str, int]) -> tuple[list[Arc], dict[int, float]]:
    cost = math.log(len(words) + 1)
    return [Arc(0, 0, number, number, cost) for number in words.values()], {0: cost}


def _add_word(graph: _Graph, way: Pronunciation, number: int) -> None:
    places = ["S"] if len(way) == 1 else ["B", *"I" * (len(way) - 2), "E"]
    state = 1
    for at, (phone, place) in enumerate(zip(way, places, strict=True)):
        state = graph.phone(state, f"{phone}_{place}", writes=number if at == 0 else 0)
    graph.end_word(state)


def _add_unknown(graph: _Graph, number: int, costs: PhoneCosts) -> None:
    """Any two phones or more, one after the other as they follow in speech at large."""
    reached = {place: {phone: graph.state() for phone in PHONES} for place in "BIE"}

    def enter(source: int, before: str, phone: str, place: str, writes: int = 0) -> None:
        cost = costs.follow[before, phone] + costs.unknown_penalty
        graph.arc(source, reached[place][phone], 2 * _NUMBERS[f"{phone}_{place}"], writes, cost)

    for phone in PHONES:
        for place in "BIE":
            graph.arc(reached[place][phone], reached[place][phone], 2 * _NUMBERS[f"{phone}_{place}"] - 1)
        enter(1, SILENCE, phone, "B", writes=number)
        for before in PHONES:
            for place in "IE":
                enter(reached["B"][before], before, phone, place)
                enter(reached["I"][before], before, phone, place)
        graph.end_word(reached["E"][phone])
