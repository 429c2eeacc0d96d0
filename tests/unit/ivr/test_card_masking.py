"""Card numbers that are said go out of the transcript, whatever way they are said; other numbers stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.payment.cards import passes_luhn
from crm.payment.sandbox import APPROVED_CARDS
from ivr.card_masking import MASK, without_cards
from ivr.speech.transcriber import GAP

CARD = "4111111111111111"
ID = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def in_words(digits: str, words: list[str]) -> str:
    return " ".join(words[int(digit)] for digit in digits)


@st.composite
def cards(draw: st.DrawFn) -> str:
    """What passes Luhn's check, 12 to 19 digits long, as a card begins."""
    length = draw(st.integers(12, 19))
    body = draw(st.from_regex(rf"\A[2-6][0-9]{{{length - 2}}}\Z"))
    return next(body + last for last in "0123456789" if passes_luhn(body + last))


@given(cards(), st.sampled_from([ID, EN]))
def test_every_card_is_masked_in_words_of_both_languages(card: str, words: list[str]) -> None:
    assert without_cards(f"kartu saya {in_words(card, words)} please") == (f"kartu saya {MASK} please", True)


@given(cards(), st.sampled_from(["", " ", "-", " - ", ", ", " eh ", " lalu ", " and then "]))
def test_every_card_is_masked_in_figures_and_groups(card: str, between: str) -> None:
    groups = between.join(card[start : start + 4] for start in range(0, len(card), 4))
    assert without_cards(f"it is {groups}.") == (f"it is {MASK}.", True)


@pytest.mark.parametrize(
    "said",
    [
        "four one double one triple one triple one triple one triple one",
        "forty one eleven eleven eleven eleven eleven eleven eleven",
        "empat puluh satu sebelas sebelas sebelas sebelas sebelas sebelas sebelas",
        "Four, one, one, one. One one one one, eh one one one one one one one one",
        "5555 5555 five five five five empat empat empat empat",
        "four oh double oh oh oh oh oh oh oh oh oh oh oh oh two",
    ],
)
def test_ways_in_which_people_say_a_card(said: str) -> None:
    text, found = without_cards(f"kartu {said} terima kasih")
    assert (text, found) == (f"kartu {MASK} terima kasih", True)


def test_one_misheard_digit_leaves_none_of_the_others() -> None:
    wrong = CARD[:-1] + "2"
    assert not passes_luhn(wrong)
    assert without_cards(in_words(wrong, ID)) == (MASK, True)


def test_a_card_of_which_some_digits_were_not_understood_is_masked_too() -> None:
    caught = f"{in_words(CARD[:4], ID)} {GAP} {in_words(CARD[6:], ID)}"
    assert without_cards(f"{GAP} kartu {caught} {GAP}") == (f"{GAP} kartu {MASK} {GAP}", True)


def test_expiry_and_code_beside_a_card_go_with_it() -> None:
    said = f"{CARD} berlaku 12/27 kode satu dua tiga, pesanan 20000001"
    assert without_cards(said) == (f"{MASK} berlaku {MASK} kode {MASK}, pesanan 20000001", True)


@pytest.mark.parametrize(
    "said",
    [
        "", "tolong telepon saya", f"{GAP} tagihan {GAP}", "pesanan dua nol nol nol nol nol nol satu",
        "telepon saya di nol delapan satu satu dua tiga empat lima enam tujuh delapan", "0811-2345-6789", "081234567897",
        "tagihan bulan 12 tahun 2026, kode 123", "one moment, two people", "empat satu satu satu lalu halo satu satu satu satu",
    ],
)  # fmt: skip
def test_what_is_no_card_stays(said: str) -> None:
    assert without_cards(said) == (said, False)


@pytest.mark.parametrize("card", APPROVED_CARDS)
def test_what_is_masked_once_has_nothing_left_to_mask(card: str) -> None:
    text, _found = without_cards(f"satu {card} dua")
    assert without_cards(text) == (text, False)
