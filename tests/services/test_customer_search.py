"""Finding anyone: exact before beginning before misspelt, in whatever spelling, and marked where it was typed."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.database import Database
from crm.customer_search import FoundBy, find_customers
from crm.customers import Customer, CustomerEmail, CustomerPhone
from crm.name_spelling import plain
from crm.order_numbers import order_number
from crm.orders import OrderStatus
from crm.search_terms import SearchTerm, terms_of
from crm.tickets import Ticket
from tests.services.test_crm_lookup import NOW, customer, invoice, order


def people(session: Session, typed: str, **options: Any) -> list[Customer]:
    return [found.customer for found in find_customers(session, typed, **options)]


def names(session: Session, typed: str, **options: Any) -> list[str]:
    return [person.name for person in people(session, typed, **options)]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("sari", ["Sari Lestari", "Sari Utami", "Dewi Sari"]),
        ("  SARI   l", ["Sari Lestari"]),
        ("lestari", ["Sari Lestari"]),
        ("0811-2345-678", ["Sari Lestari"]),
        ("+628112345678", ["Sari Lestari"]),
        ("5678", ["Sari Lestari"]),
        (order_number(2_000_001), ["Dewi Sari"]),
        ("dewi@example.com", ["Dewi Sari"]),
        ("DEWI@", ["Dewi Sari"]),
        ("C-77", ["Sari Utami"]),
        ("", []),
        ("   ", []),
        ("%", []),
        ("_", []),
        ("'; DROP TABLE customers; --", []),
        ("99999999999999999999", []),
    ],
)
def test_search_finds_by_whatever_was_typed(database: Database, typed: str, names: list[str]) -> None:
    with database.writing() as session:
        customer(session, "Sari Lestari", "+628112345678")
        customer(session, "Sari Utami", "+628112345679", external_id="C-77")
        dewi = customer(session, "Dewi Sari", "+622178451234", email="dewi@example.com")
        order(session, dewi, 2_000_001, OrderStatus.PLACED, days_ago=1)
        assert [found.customer.name for found in find_customers(session, typed)] == names


def test_a_number_without_its_country_code_is_read_where_the_installation_is(database: Database) -> None:
    with database.writing() as session:
        british = customer(session, "Ann", "+442079460958")
        assert people(session, "020 7946 0958", country="GB") == [british]
        assert people(session, "020 7946 0958", country="ID") == []
        assert people(session, "+44 20 7946 0958", country="ID") == [british]


def test_search_gives_no_more_than_asked_for_and_nobody_twice(database: Database) -> None:
    with database.writing() as session:
        for number in range(30):
            customer(session, f"Sari {number}", f"+6281123456{number:02d}", f"+6281223456{number:02d}")
        found = people(session, "sari", limit=7)
        assert len(found) == len({person.id for person in found}) == 7
        assert len(people(session, "2345600")) == 1


@pytest.mark.parametrize(
    ("on_record", "typed"),
    [
        ("Soekarno", "sukarno"), ("Sukarno", "Soekarno"), ("Achmad Fauzi", "ahmad"), ("Ahmad Fauzi", "Achmad"),
        ("Akhmad Fauzi", "ahmad fauzi"), ("Djoko Susilo", "joko"), ("Joko Susilo", "Djoko Soesilo"), ("Tjahjono", "cahyono"),
        ("Cahyono", "Tjahjono"), ("Soejono", "suyono"), ("Chairul Anwar", "khairul"), ("Chandra Wijaya", "candra widjaja"),
        ("Sudarmono", "Soedharmono"), ("Annisa Rahmah", "anisa"), ("Ma'ruf Amin", "maruf"), ("José Pérez", "jose perez"),
        ("Siti Nurhaliza", "nurhaliza siti"), ("Sri Mulyani", "sri mul"), ("Budi Agus Santoso", "budi sant"),
        ("Wulandari", "landar"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_every_spelling(database: Database, on_record: str, typed: str) -> None:
    with database.writing() as session:
        for other in ("Agus Salim", "Dewi Lestari", "Bambang Pamungkas"):
            customer(session, other)
        customer(session, on_record)
        assert names(session, typed) == [on_record]


def test_the_spelling_that_was_typed_comes_before_the_others(database: Database) -> None:
    with database.writing() as session:
        for name in ("Ahmad Hidayat", "Achmad Hidayat", "Achmad Hidayatullah", "Akhmad Hidayat"):
            customer(session, name)
        assert names(session, "achmad hidayat")[0] == "Achmad Hidayat"
        assert names(session, "Akhmad Hidayat")[0] == "Akhmad Hidayat"
        assert set(names(session, "ahmad hidayat")) == {
            "Ahmad Hidayat", "Achmad Hidayat", "Akhmad Hidayat", "Achmad Hidayatullah",
        }  # fmt: skip


def test_what_was_typed_is_marked(database: Database) -> None:
    with database.writing() as session:
        sari = customer(session, "Sari Lestari", "+628112345678", email="sari.l@example.com")
        placed = order(session, sari, 2_000_001, OrderStatus.PLACED, days_ago=1)

        def marked(typed: str) -> list[str]:
            (found,) = find_customers(session, typed)
            return [text for text, is_marked in (*found.name, *found.by_what) if is_marked]

        assert marked("sari les") == ["Sari", "Les"]
        assert marked("lestary") == ["Lestari"]
        assert marked("5678") == ["5-678"]
        assert marked("0811 23") == ["0811-23"]
        assert marked("sari.l@") == ["sari.l@"]
        assert marked(placed.number) == [placed.number]
        assert marked("estar") == ["estar"]


def test_a_paper_leads_to_whose_it_is(database: Database) -> None:
    with database.writing() as session:
        sari = customer(session, "Sari Lestari")
        placed = order(session, sari, 2_000_001, OrderStatus.PLACED, days_ago=1)
        invoice(session, sari, "INV-2603-000007", due_in_days=3, paid_idr=0)
        session.add(Ticket(number="T000042", customer_id=sari.id, subject="x", category="y", opened_at=NOW))
        session.flush()
        found = {typed: find_customers(session, typed) for typed in ("inv-2603-000007", "t000042", placed.number[:5])}
        assert [(hits[0].customer, hits[0].by) for hits in found.values()] == [
            (sari, FoundBy.INVOICE), (sari, FoundBy.TICKET), (sari, FoundBy.ORDER),
        ]  # fmt: skip


def test_an_address_is_found_elsewhere_and_by_the_name_in_it(database: Database) -> None:
    with database.writing() as session:
        customer(session, "Dewi Sari", email="dewi.sari@example.com")
        assert names(session, "dewi.sari@exmaple.org") == ["Dewi Sari"]
        assert names(session, "dewi.sarri7@nowhere.id") == ["Dewi Sari"]


def test_who_was_renamed_or_removed_is_found_as_they_are_now(database: Database) -> None:
    with database.writing() as session:
        sari = customer(session, "Sari Lestari", "+628112345678", email="sari@example.com")
        sari.name = "Putri Ayu"
        sari.phones = [CustomerPhone(e164="+628998877665")]
        sari.emails.append(CustomerEmail(address="putri@example.com"))
        session.flush()
        assert [names(session, typed) for typed in ("sari lestari", "0811-2345-678", "putri", "08998877665", "putri@")] == [
            [], [], ["Putri Ayu"], ["Putri Ayu"], ["Putri Ayu"],
        ]  # fmt: skip
        session.delete(sari)
        session.flush()
        assert names(session, "putri") == []
        assert session.scalar(select(func.count()).select_from(SearchTerm)) == 0


LETTERS = "abcdefghijklmnopqrstuvwxyz"
NAMES = st.lists(
    st.text(LETTERS, min_size=2, max_size=12), min_size=1, max_size=3
).map(lambda words: " ".join(word.capitalize() for word in words))  # fmt: skip
NUMBERS = st.integers(10_000_000, 9_999_999_999).map(lambda number: f"+628{number}")
LAWS = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fresh(session: Session, crowd: list[str]) -> list[Customer]:
    session.execute(delete(Customer))
    return [customer(session, name) for name in crowd]


@LAWS
@given(st.lists(NAMES, min_size=1, max_size=12), st.data())
def test_an_exact_name_is_always_found_first(database: Database, crowd: list[str], data: st.DataObject) -> None:
    with database.writing() as session:
        fresh(session, crowd)
        wanted = data.draw(st.sampled_from(crowd))
        assert names(session, data.draw(st.sampled_from((wanted, wanted.upper(), f"  {wanted.lower()} "))))[0] == wanted


@LAWS
@given(st.lists(NUMBERS, min_size=1, max_size=12, unique=True), st.data())
def test_an_exact_number_is_always_found_first(database: Database, numbers: list[str], data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(numbers))
    typed = data.draw(st.sampled_from((wanted, wanted[1:], f"0{wanted[3:]}", f"{wanted[:5]}-{wanted[5:]}")))
    with database.writing() as session:
        fresh(session, [])
        for place, number in enumerate(numbers):
            customer(session, f"Caller {place}", number)
        assert people(session, typed, limit=100)[0].phones[0].e164 == wanted


@st.composite
def misspelt(draw: st.DrawFn) -> tuple[str, str]:
    """A name of one or two words, and the same with one letter wrong, missing, too many or swapped in a word of five or more."""
    words = draw(st.lists(st.text(LETTERS, min_size=5, max_size=12), min_size=1, max_size=2))
    which = draw(st.integers(0, len(words) - 1))
    word = words[which]
    at, letter = draw(st.integers(0, len(word) - 1)), draw(st.sampled_from(LETTERS))
    kinds = (
        word[:at] + letter + word[at + 1 :], word[:at] + word[at + 1 :], word[:at] + letter + word[at:],
        word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
    )  # fmt: skip
    typed = [*words[:which], draw(st.sampled_from(kinds)), *words[which + 1 :]]
    return " ".join(words), " ".join(typed)


@LAWS
@given(misspelt(), st.lists(NAMES, max_size=8))
def test_a_name_with_one_letter_wrong_is_found(database: Database, pair: tuple[str, str], crowd: list[str]) -> None:
    name, typed = pair
    assume(name != typed)
    with database.writing() as session:
        fresh(session, [*crowd, name])
        assert name in names(session, typed)


@LAWS
@given(st.text(max_size=90))
def test_whatever_is_typed_is_only_looked_for(database: Database, typed: str) -> None:
    with database.writing() as session:
        fresh(session, ["Sari Lestari"])
        for found in find_customers(session, typed):
            assert "".join(text for text, _marked in found.name) == "Sari Lestari"


@LAWS
@example("🄐", [])
@given(st.text(max_size=160), st.lists(NUMBERS, max_size=3, unique=True))
def test_terms_fit_their_columns_and_know_no_case(name: str, numbers: list[str]) -> None:
    for _kind, term in terms_of(name, numbers, []):
        assert 0 < len(term) <= 321
    assert terms_of(name, numbers, []) == terms_of(f" {plain(name).upper()}", numbers, [])
