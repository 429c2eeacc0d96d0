"""The graph of numbers, walked: whole numbers of the form cost least, others are there at a price, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.customer_numbers import customer_number
from crm.order_numbers import order_number
from ivr.hearing import DOUBLE_WORDS, KEY_OF_WORD, spoken_digits_to_keys
from ivr.number_form import CUSTOMER_OR_ORDER, NUMBER_FORMS, ORDER_NUMBER, PHONE_NUMBER, POSTCODE, NumberForm, likely_forms
from ivr.speech.number_graph import START, number_graph
from ivr.speech.phrase_match import UNKNOWN
from ivr.speech.pronunciation import DIGITS
from ivr.spoken import LANGUAGES

WORDS = [*KEY_OF_WORD, "dobel", "double", "petugas", "bicara", "dengan", UNKNOWN]
NUMBERS = {word: place for place, word in enumerate(WORDS, start=1)}
PHRASES = ("petugas", "bicara dengan petugas")
NO_WAY = float("inf")


class Graph:
    """The graph of a form, told languages."""

    def __init__(self, form: NumberForm, languages: tuple[str, ...] = LANGUAGES) -> None:
        self.arcs, self.finals = number_graph(form, languages, PHRASES, NUMBERS)

    def cost(self, words: list[str]) -> float:
        """Of saying these words and nothing more, the cheapest way; NO_WAY when they can't be said."""
        reached = {START: 0.0}
        for word in words:
            further: dict[int, float] = {}
            for arc in self.arcs:
                if arc.input == NUMBERS[word] and arc.source in reached:
                    further[arc.target] = min(further.get(arc.target, NO_WAY), reached[arc.source] + arc.cost)
            reached = further
        return min((cost + self.finals[state] for state, cost in reached.items() if state in self.finals), default=NO_WAY)


GRAPHS = {form.name: Graph(form) for form in NUMBER_FORMS}
DIGIT_COST = GRAPHS[POSTCODE.name].cost(["satu"] * 5) / 5


def say(digits: str, language: str) -> list[str]:
    words = {KEY_OF_WORD[word]: word for word in DIGITS[language]}
    return [words[digit] for digit in digits]


@given(st.integers(1_000_000, 9_999_999), st.sampled_from(LANGUAGES))
def test_every_order_number_costs_its_digits_alone(serial: int, language: str) -> None:
    words = say(order_number(serial), language)
    assert GRAPHS[ORDER_NUMBER.name].cost(words) == pytest.approx(8 * DIGIT_COST)
    assert GRAPHS[CUSTOMER_OR_ORDER.name].cost(words) == pytest.approx(8 * DIGIT_COST)


@given(st.text("0123456789", min_size=1, max_size=12), st.sampled_from(LANGUAGES), st.sampled_from(NUMBER_FORMS))
def test_a_number_that_does_not_fit_can_be_said_and_costs_more(digits: str, language: str, form: NumberForm) -> None:
    beyond = GRAPHS[form.name].cost(say(digits, language)) - len(digits) * DIGIT_COST
    if form.fits(digits):
        assert 0 <= beyond + 1e-6 < 4, "what may go on costs a little"
    else:
        assert 5 < beyond < NO_WAY


def test_a_number_is_of_one_language() -> None:
    mixed = ["one", "dua", "three", "empat", "five"]
    assert GRAPHS[POSTCODE.name].cost(mixed) == NO_WAY
    assert Graph(POSTCODE, ("id",)).cost(["one", "two", "three", "four", "five"]) == NO_WAY


@given(st.integers(1_000_000, 9_999_999), st.sampled_from(LANGUAGES))
def test_a_digit_that_comes_twice_may_be_said_once_with_a_word_before_it(serial: int, language: str) -> None:
    number = order_number(serial)
    twin = next((place for place in range(7) if number[place] == number[place + 1]), None)
    if twin is None:
        return
    words = say(number[:twin] + number[twin + 1 :], language)
    words.insert(twin, DOUBLE_WORDS[language][0])
    assert spoken_digits_to_keys(" ".join(words)) == number
    assert GRAPHS[ORDER_NUMBER.name].cost(words) < NO_WAY


def test_phrases_silence_and_unknown_speech_have_their_way_and_no_parts_of_phrases() -> None:
    graph = GRAPHS[ORDER_NUMBER.name]
    assert all(graph.cost(phrase.split()) < NO_WAY for phrase in PHRASES)
    assert graph.cost([]) == 0
    assert graph.cost([UNKNOWN, UNKNOWN]) < NO_WAY
    assert graph.cost(["bicara"]) == graph.cost(["petugas", "satu"]) == graph.cost(["dobel"]) == NO_WAY


def test_only_what_may_go_on_is_dearer_to_end_and_the_longest_is_not() -> None:
    phone = GRAPHS[PHONE_NUMBER.name]
    ends = [phone.cost(["satu"] * length) - length * DIGIT_COST for length in range(8, 16)]
    assert len({round(end, 6) for end in ends[:-1]}) == 1
    assert ends[-1] == pytest.approx(0)
    assert ends[0] > 2  # Kaldi's rule 2 would end a telephone number at the first pause
    who = GRAPHS[CUSTOMER_OR_ORDER.name]
    assert who.cost(say(customer_number(123456), "id")) == pytest.approx(7 * DIGIT_COST)


def test_a_telephone_number_of_the_country_costs_its_digits_and_any_other_more() -> None:
    phone = Graph(next(form for form in likely_forms("ID") if form.name == PHONE_NUMBER.name))
    longest, shorter = "0812345678901", "081234567890"
    beyond = phone.cost(say(shorter, "id")) - 12 * DIGIT_COST
    assert 2 < beyond < 4, "it may go on"
    assert phone.cost(say(longest, "id")) - 13 * DIGIT_COST == pytest.approx(beyond), "no length is likelier for its end"
    over = {arc.target for arc in phone.arcs if arc.cost > DIGIT_COST + 2} & set(phone.finals)
    assert any(phone.finals[state] == 0 for state in over), "nothing can follow: nobody waits for more"
    for other in ("281234567890", "6591234567", "08123456789012"):
        assert 5 < phone.cost(say(other, "id")) - len(other) * DIGIT_COST < NO_WAY


def test_the_country_changes_telephone_numbers_alone_and_not_what_is_accepted() -> None:
    plain, likely = ({form.name: form for form in forms} for forms in (NUMBER_FORMS, likely_forms("ID")))
    assert {name for name in plain if plain[name] != likely[name]} == {PHONE_NUMBER.name}
    assert PHONE_NUMBER.fits("6591234567")
    assert likely_forms("ZZ") == NUMBER_FORMS


@pytest.mark.parametrize("form", [*NUMBER_FORMS, *likely_forms("ID")], ids=lambda form: form.name)
def test_graphs_stay_small(form: NumberForm) -> None:
    graph = Graph(form)
    assert len(graph.arcs) < 10_000
    assert all(arc.input == arc.output for arc in graph.arcs)
