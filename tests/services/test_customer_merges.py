"""Merging customers who are one person, and parting them again: nothing is lost, everything finds back."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.clock import VirtualClock
from core.database import Database
from core.errors import NotFound
from crm.appointments import Appointment
from crm.customer_card import customer_card
from crm.customer_changes import last_edit
from crm.customer_edits import CustomerMoved, Wish, change_customer, undo_last
from crm.customer_fields import FIELDS, value_of, values_of
from crm.customer_merges import (
    MOVED,
    CustomerMerge,
    MergeRefused,
    merge_customers,
    move_late_rows,
    part_customers,
)
from crm.customer_search import find_customers
from crm.customers import Consent, Customer, CustomerPhone
from crm.lookup import current_id, customer_by_external_id, customers_by_number, ids_of
from crm.orders import Order
from crm.search_terms import SearchTerm, terms_of
from crm.time_windows import TimeWindow
from ivr.database_desk import DatabaseDesk
from tests.services.customer_records import (
    BY,
    DERIVED,
    KINDS,
    NOW,
    TRAIL,
    add_consent,
    add_customer,
    add_paper,
    multiset,
    on_record,
    owning_columns,
    window,
)

ELSEWHERE = {"customers", *TRAIL, *DERIVED}


def two(session: Session) -> tuple[int, int]:
    """Sari twice: both with papers of every kind, a number in common, and consents of their own."""
    first = add_customer(session, "Sari Lestari", "+628112345678", "+628112345679", external_id="C-1", language="id")
    second = add_customer(
        session, "Sari Lestary", "+628112345678", "+6281999", emails=("sari@example.com",), external_id="C-2", language="en",
        address="Jl. Braga 1", city="Bandung", honorific="Ibu",
    )  # fmt: skip
    for place, person in enumerate((first, second)):
        for number, kind in enumerate(KINDS):
            add_paper(session, kind, person.id, 100 * place + number)
    add_consent(session, first.id, "survey", True, days_ago=9)
    add_consent(session, second.id, "survey", False, days_ago=2)
    add_consent(session, first.id, "recording", True, days_ago=1)
    add_consent(session, second.id, "recording", False, days_ago=5)
    add_consent(session, second.id, "telemarketing", False, days_ago=5)
    return first.id, second.id


def test_no_table_with_customers_is_forgotten() -> None:
    owning = {table.name for table, _column in owning_columns()}
    assert owning == {table.__tablename__ for table in MOVED} | ELSEWHERE
    assert {(table.name, column) for table, column in owning_columns() if table.name not in ELSEWHERE} == {
        (table.__tablename__, "customer_id") for table in MOVED
    }  # fmt: skip


def test_everything_of_one_belongs_to_the_other_and_finds_back(database: Database) -> None:
    with database.writing() as session:
        kept, away = two(session)
        before, rows = on_record(session), multiset(session)
        merge = merge_customers(session, kept, away, BY, NOW)
        assert multiset(session) == rows
        left = {
            table.name: [row for row in session.scalars(select(table.c.customer_id)) if row == away]
            for table, _column in owning_columns()
            if table.name not in ELSEWHERE
        }  # fmt: skip
        assert {name for name, those in left.items() if those} == {"customer_phones", "consents", "customer_pins"}
        session.expire_all()
        person = session.get_one(Customer, kept)
        assert [phone.e164 for phone in person.phones] == ["+628112345678", "+628112345679", "+6281999"]
        assert {consent.purpose: consent.granted for consent in person.consents} == {
            "survey": False, "recording": True, "telemarketing": False,
        }  # fmt: skip
        assert (person.honorific, person.address, person.city, person.language) == ("Ibu", "Jl. Braga 1", "Bandung", "id")
        part_customers(session, merge.id, BY, NOW)
        assert on_record(session) == before


def test_the_old_id_number_and_name_lead_to_the_one_who_stands(database: Database) -> None:
    with database.writing() as session:
        kept, away = two(session)
        merge_customers(session, kept, away, BY, NOW)
        assert current_id(session, away) == kept
        found = customer_by_external_id(session, "C-2")
        assert found is not None
        assert found.id == kept
        card = customer_card(session, away, NOW)
        assert card is not None
        assert (card.customer_id, card.order_count) == (kept, 2)
        assert [person.id for person in customers_by_number(session, "+628112345678")] == [kept]
        assert [hit.customer.id for hit in find_customers(session, "sari@example.com")] == [kept]
        assert {hit.customer.id for hit in find_customers(session, "sari")} == {kept}


def test_a_call_that_goes_on_goes_on_with_the_one_who_stands(database: Database) -> None:
    with database.writing() as session:
        kept, away = two(session)
        session.commit()
    desk = DatabaseDesk(database)
    with database.writing() as session:
        merge_customers(session, kept, away, BY, NOW)
        session.commit()
    caller = desk.caller(away)
    assert caller is not None
    assert caller.customer_id == kept
    assert len(desk.orders_of(away)) == 2
    desk.save_survey("a call of theirs", away, NOW, score=5)
    with database.writing() as session:
        session.add(Order(number="late", customer_id=away, status="placed", placed_at=NOW, total_idr=1))
        session.flush()
        assert move_late_rows(session, NOW + timedelta(minutes=1)) == 1
        assert session.scalars(select(Order.customer_id).where(Order.number == "late")).one() == kept
        assert move_late_rows(session, NOW + timedelta(minutes=2)) == 0


def test_two_with_a_visit_booked_for_the_same_stay_two(database: Database) -> None:
    with database.writing() as session:
        kept, away = two(session)
        for number, owner in enumerate((kept, away), start=500):
            session.add(Appointment(customer_id=owner, purpose="repair", booked_at=NOW, window=window(number)))
        session.flush()
        with pytest.raises(MergeRefused) as refused:
            merge_customers(session, kept, away, BY, NOW)
    assert refused.value.why == "booked"


def test_who_is_nobody_or_away_or_the_same_is_not_merged(database: Database) -> None:
    with database.writing() as session:
        kept, away = two(session)
        third = add_customer(session, "Sari").id
        with pytest.raises(NotFound):
            merge_customers(session, kept, 4711, BY, NOW)
        merge = merge_customers(session, kept, away, BY, NOW)
        for pair, why in (((kept, kept), "same"), ((kept, away), "away"), ((away, third), "away")):
            with pytest.raises(MergeRefused) as refused:
                merge_customers(session, *pair, BY, NOW)
            assert refused.value.why == why
        outer = merge_customers(session, third, kept, BY, NOW)
        with pytest.raises(MergeRefused) as refused:
            part_customers(session, merge.id, BY, NOW)
        assert refused.value.why == "outer"
        part_customers(session, outer.id, BY, NOW)
        part_customers(session, merge.id, BY, NOW)
        with pytest.raises(MergeRefused) as refused:
            part_customers(session, merge.id, BY, NOW)
        assert refused.value.why == "undone"


def test_what_was_changed_after_the_merge_stays_where_it_was_changed(database: Database) -> None:
    with database.writing() as session:
        kept, away = two(session)
        merge = merge_customers(session, kept, away, BY, NOW)
        add_paper(session, "order", kept, 900)
        wish = Wish("honorific", "Ibu", "Bu")
        assert change_customer(session, kept, [wish], BY, NOW, "ID") is not None
        survey = session.scalars(select(Consent).where(Consent.customer_id == kept, Consent.purpose == "survey")).one()
        seen = value_of(session.get_one(Customer, kept), "consent.survey")
        change_customer(session, kept, [Wish("consent.survey", seen, True)], BY, NOW, "ID")
        part_customers(session, merge.id, BY, NOW)
        session.expire_all()
        assert session.scalars(select(Order.customer_id).where(Order.number == "00000900")).one() == kept
        assert (session.get_one(Customer, kept).honorific, session.get_one(Customer, away).honorific) == ("Bu", "Ibu")
        assert survey.granted is True
        theirs = session.scalars(select(Consent).where(Consent.customer_id == away, Consent.purpose == "survey")).one()
        assert theirs.granted is False


class Records(RuleBasedStateMachine):
    """Five customers, whatever is done to them in whatever order."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.clock = VirtualClock(NOW)
        self.owners: dict[str, int] = {}  # orders, by number: whose they are when everybody is parted

    @initialize()
    def begin(self) -> None:
        with self.database.writing() as session:
            for table in (Customer, TimeWindow):
                session.execute(delete(table))
            shared = "+628110000000"
            self.ids = [
                add_customer(session, f"Sari {name}", shared, f"+62811000{place:04d}", emails=(f"{name}@example.com",)).id
                for place, name in enumerate(("Lestari", "Lestary", "Utami", "Utamy", "Wulan"), start=1)
            ]
            session.commit()

    def work(self, do: Any) -> Any:
        with self.database.writing() as session:
            done = do(session)
            session.commit()
            return done

    def standing(self, session: Session) -> list[int]:
        return list(session.scalars(select(Customer.id).where(Customer.merged_into_id.is_(None)).order_by(Customer.id)))

    def now(self) -> Any:
        self.clock.advance(1)
        return self.clock.now()

    @rule(kind=st.sampled_from(KINDS), which=st.integers(0, 4))
    def write_a_paper(self, kind: str, which: int) -> None:
        def do(session: Session) -> None:
            owner = current_id(session, self.ids[which])
            self.number += 1
            if kind == "order":
                self.owners[f"{self.number:08d}"] = owner
            add_paper(session, kind, owner, self.number)

        self.work(do)

    @rule(which=st.integers(0, 4), purpose=st.sampled_from(("survey", "recording")), granted=st.booleans())
    def change_a_consent(self, which: int, purpose: str, granted: bool) -> None:
        self.change(which, f"consent.{purpose}", granted)

    @rule(
        which=st.integers(0, 4),
        change=st.one_of(
            st.tuples(st.just("name"), st.sampled_from(("Dewi", "Dewi Sari", "Sukarno", "Soekarno"))),
            st.tuples(st.just("city"), st.sampled_from(("", "Bandung", "Medan"))),
            st.tuples(st.just("language"), st.sampled_from(("", "id", "en"))),
            st.tuples(st.just("emails"), st.lists(st.sampled_from(("a@example.com", "b@example.com")), unique=True)),
            st.tuples(
                st.just("phones"),
                st.lists(st.sampled_from(("08112345678", "081312345678", "0811000000")), unique=True).map(sorted),
            ),
        ),
    )  # fmt: skip
    def change_something(self, which: int, change: tuple[str, Any]) -> None:
        self.change(which, *change)

    def change(self, which: int, field: str, typed: Any) -> None:
        """A change and its undo give the very state before; then the change is made for good."""

        def make(session: Session) -> Any:
            seen = value_of(session.get_one(Customer, current_id(session, self.ids[which])), field)
            return change_customer(session, self.ids[which], [Wish(field, seen, typed)], BY, self.now(), "ID")

        with self.database.writing() as session:
            owner = session.get_one(Customer, current_id(session, self.ids[which]))
            before = values_of(owner)
            made = make(session)
            assert made is None or values_of(owner) != before
            if made is not None:
                undo_last(session, self.ids[which], made.id, BY, self.now())
                session.expire_all()
            assert values_of(owner) == before
        self.work(make)

    @rule(which=st.integers(0, 4))
    def undo_an_edit(self, which: int) -> None:
        def do(session: Session) -> None:
            owner = current_id(session, self.ids[which])
            last = last_edit(session, owner)
            if last is None:
                return
            try:
                undo_last(session, owner, last.id, BY, self.now())
            except CustomerMoved:  # a merge has changed the same since
                return
            session.expire_all()
            person = session.get_one(Customer, owner)
            assert {field: value_of(person, field) for field, _before, _after in last.changes} == {
                field: before for field, before, _after in last.changes
            }  # fmt: skip

        self.work(do)

    @rule(first=st.integers(0, 4), second=st.integers(0, 4), for_good=st.booleans())
    def merge(self, first: int, second: int, for_good: bool) -> None:
        with self.database.writing() as session:
            kept, away = (current_id(session, self.ids[which]) for which in (first, second))
            if kept == away:
                return
            before, rows = on_record(session), multiset(session)
            merge = merge_customers(session, kept, away, BY, self.now())
            assert multiset(session) == rows
            if for_good:
                session.commit()
                return
            part_customers(session, merge.id, BY, self.now())
            assert on_record(session) == before

    @rule(which=st.integers(0, 4))
    @precondition(lambda self: self.merges())
    def part(self, which: int) -> None:
        merges = self.merges()

        def do(session: Session) -> None:
            rows = multiset(session)
            with suppress(MergeRefused):  # the one who was kept was merged since
                part_customers(session, merges[which % len(merges)], BY, self.now())
            assert multiset(session) == rows

        self.work(do)

    @rule(which=st.integers(0, 4))
    def write_late(self, which: int) -> None:
        """A call that began before the merge writes for whom it knows."""

        def do(session: Session) -> None:
            self.number += 1
            self.owners[f"{self.number:08d}"] = self.ids[which]
            add_paper(session, "order", self.ids[which], self.number)
            move_late_rows(session, self.now())
            owner = session.scalars(select(Order.customer_id).where(Order.number == f"{self.number:08d}")).one()
            assert owner == current_id(session, self.ids[which])
            assert ids_of(session, owner) == {each for each in self.ids if current_id(session, each) == owner}

        self.work(do)

    def merges(self) -> list[int]:
        with self.database.reading() as session:
            return list(
                session.scalars(select(CustomerMerge.id).where(CustomerMerge.undone_at.is_(None)).order_by(CustomerMerge.id))
            )

    @invariant()
    def everybody_is_found_by_what_they_are(self) -> None:
        with self.database.reading() as session:
            wanted = {
                (*term, person.id)
                for person in session.scalars(select(Customer).where(Customer.merged_into_id.is_(None)))
                for term in terms_of(
                    person.name, [phone.e164 for phone in person.phones], [email.address for email in person.emails]
                )
            }  # fmt: skip
            rows = session.execute(select(SearchTerm.kind, SearchTerm.term, SearchTerm.customer_id))
            assert {tuple(row) for row in rows} == wanted

    def teardown(self) -> None:
        """Parted from the last merge to the first, everybody has their own again."""
        for merge_id in reversed(self.merges()):
            self.work(lambda session, merge_id=merge_id: part_customers(session, merge_id, BY, self.now()))
        with self.database.reading() as session:
            assert self.standing(session) == self.ids
            assert dict(session.execute(select(Order.number, Order.customer_id)).all()) == self.owners


def test_whatever_is_done_nothing_is_lost_and_everything_can_be_undone(database: Database) -> None:
    machine = type("OnThisDatabase", (Records,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )  # fmt: skip


def test_every_field_can_be_read_and_is_changed_only_over_what_was_seen(database: Database) -> None:
    with database.writing() as session:
        person = add_customer(session, "Sari", "+628112345678")
        assert set(values_of(person)) == set(FIELDS)
        with pytest.raises(CustomerMoved) as moved:
            change_customer(session, person.id, [Wish("name", "Dewi", "Putri")], BY, NOW, "ID")
        assert moved.value.now == {"name": "Sari"}
        assert session.scalars(select(CustomerPhone.e164)).all() == ["+628112345678"]
