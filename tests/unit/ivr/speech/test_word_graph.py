"""The compiled graph, walked: it says exactly the lexicon's words, and anything else as unknown."""

from pathlib import Path

import pytest

from ivr.speech.fst_file import Arc
from ivr.speech.phones import PHONES, SILENCE
from ivr.speech.word_graph import MODEL_PHONES, UNKNOWN, PhoneCosts, write_graph
from tests.unit.ivr.speech.fst_reader import read_fst

LEXICON = {"ya": (("y", "aa"), ("iy", "aa")), "oh": (("ow",),), "satu": (("s", "aa", "t", "uw"),)}
COSTS = PhoneCosts({(a, b): 2.0 for a in (SILENCE, *PHONES) for b in (SILENCE, *PHONES)}, unknown_penalty=0.5)


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    write_graph(tmp_path, LEXICON, COSTS)
    return tmp_path


def word_numbers(graph: Path) -> dict[str, int]:
    lines = (graph / "words.txt").read_text().splitlines()
    return {word: int(number) for word, number in (line.split() for line in lines)}


def spoken(graph: Path, phones: list[str]) -> dict[int, float]:
    """The words (by number) that a sequence of plain phones may be, as one word, with the least cost of each."""
    leaving, finals = read_fst(graph / "HCLr.fst")
    found: dict[int, float] = {}
    todo = [(0, 0, 0, 0.0)]
    while todo:
        state, read, word, cost = todo.pop()
        if read == len(phones) and state in finals and word:
            found[word] = min(cost, found.get(word, float("inf")))
        for arc in leaving[state]:
            if arc.input and (arc.target == state or "SIL" in phone_of(arc)):
                continue  # staying in a phone, or silence
            if arc.input == 0:
                if not (read and arc.target in (1, 2) and state not in (0, 1, 2) and read < len(phones)):
                    todo.append((arc.target, read, word, cost + arc.cost))
            elif read < len(phones) and phone_of(arc).split("_")[0] == phones[read] and not (word and arc.output):
                todo.append((arc.target, read + 1, word or arc.output, cost + arc.cost))
    return found


def phone_of(arc: Arc) -> str:
    return MODEL_PHONES[(arc.input + 1) // 2 - 1]


@pytest.mark.parametrize(("phones", "word"), [("y aa", "ya"), ("iy aa", "ya"), ("ow", "oh"), ("s aa t uw", "satu")])
def test_each_way_to_say_a_word_is_that_word(graph: Path, phones: str, word: str) -> None:
    assert word_numbers(graph)[word] in spoken(graph, phones.split())


@pytest.mark.parametrize("phones", ["y", "s aa t", "aa y", "b ih l"])
def test_what_is_no_word_is_unknown_or_nothing(graph: Path, phones: str) -> None:
    words = spoken(graph, phones.split())
    assert set(words) <= {word_numbers(graph)[UNKNOWN]}
    assert bool(words) == (len(phones.split()) > 1), "one phone alone is no word of any kind"


def test_the_unknown_costs_each_phone_and_its_penalty(graph: Path) -> None:
    word = spoken(graph, ["s", "aa", "t", "uw"])
    numbers = word_numbers(graph)
    assert word[numbers[UNKNOWN]] - word[numbers["satu"]] == pytest.approx(4 * (2.0 + 0.5))


def test_states_are_sorted_as_vosk_composes_them(graph: Path) -> None:
    leaving, _finals = read_fst(graph / "HCLr.fst")
    assert all(out == sorted(out, key=lambda arc: arc.output) for out in leaving)
    loop, finals = read_fst(graph / "Gr.fst")
    assert [arc.input for arc in loop[0]] == sorted(arc.input for arc in loop[0])
    assert set(finals) == {0}


def test_every_phone_stays_as_long_as_it_lasts(graph: Path) -> None:
    """Whoever enters a phone's state finds its self-loop there."""
    leaving, _finals = read_fst(graph / "HCLr.fst")
    for out in leaving:
        for arc in out:
            if arc.input and arc.input % 2 == 0:
                stays = [each.input for each in leaving[arc.target] if each.target == arc.target]
                assert arc.input - 1 in stays


def test_word_boundaries_cover_every_phone(graph: Path) -> None:
    lines = (graph / "phones" / "word_boundary.int").read_text().splitlines()
    assert [int(line.split()[0]) for line in lines] == list(range(1, len(MODEL_PHONES) + 1))
    assert lines[0].endswith("nonword")
    assert {line.split()[1] for line in lines[1:]} == {"begin", "end", "internal", "singleton"}
