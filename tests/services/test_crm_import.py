"""Importing customers: line numbers, upsert, dry run, and that a second run changes nothing."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select

from core.clock import VirtualClock
from core.database import Database
from core.errors import BadInput
from crm.customers import Customer, CustomerEmail, CustomerPhone
from crm.import_customers import import_customers
from crm.import_report import ImportConflict, ImportReport

CLOCK = VirtualClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
HEADER = "external_id,name,honorific,language,address,city,province,postcode,segment,phones,emails\n"
SARI = "C1,Sari Lestari,Ibu,id,Jl. Melati No. 3,Bandung,Jawa Barat,40111,loyal,0811-2345-678;022 4201234,Sari@Example.com\n"


def run(database: Database, folder: Path, text: str | bytes, dry_run: bool = False) -> ImportReport:
    file = folder / "customers.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_customers(database, file, CLOCK, "ID", {"1001", "1002"}, dry_run)


def contents(database: Database) -> list[tuple[object, ...]]:
    """Every customer with its numbers and addresses, as plain values."""
    with database.reading() as session:
        return [
            (
                *(getattr(customer, column.name) for column in Customer.__table__.columns),
                tuple((phone.e164, phone.kind) for phone in customer.phones),
                tuple(email.address for email in customer.emails),
            )
            for customer in session.scalars(select(Customer).order_by(Customer.id))
        ]


def faults(report: ImportReport) -> list[tuple[int, str]]:
    return [(error.line, error.column) for error in report.errors]


def test_a_new_customer_is_created_with_everything(database: Database, tmp_path: Path) -> None:
    report = run(database, tmp_path, HEADER + SARI)
    assert (report.created, report.updated, report.unchanged, report.errors) == (1, 0, 0, ())
    with database.reading() as session:
        customer = session.scalars(select(Customer)).one()
        assert (customer.name, customer.honorific, customer.language, customer.city) == ("Sari Lestari", "Ibu", "id", "Bandung")
        assert [(phone.e164, phone.kind) for phone in customer.phones] == [
            ("+628112345678", "mobile"),
            ("+62224201234", "home"),
        ]
        assert [email.address for email in customer.emails] == ["sari@example.com"]
        assert customer.created_at == CLOCK.now()


def test_running_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, HEADER + SARI)
    before = contents(database)
    later = VirtualClock(datetime(2026, 4, 1, tzinfo=UTC))
    report = import_customers(database, tmp_path / "customers.csv", later, "ID", {"1001", "1002"}, dry_run=False)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert contents(database) == before


def test_filled_cells_replace_and_empty_ones_leave(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, HEADER + SARI)
    report = run(database, tmp_path, "external_id,name,city,phones\nC1,,Cimahi,0812-3456-7890\n")
    assert (report.created, report.updated) == (0, 1)
    with database.reading() as session:
        customer = session.scalars(select(Customer)).one()
        assert (customer.name, customer.city) == ("Sari Lestari", "Cimahi")
        assert len(customer.phones) == 3


@pytest.mark.parametrize("row", ["Sari L.,0811 2345 678,", "Sari L.,,sari@EXAMPLE.com"])
def test_without_external_id_the_phone_or_else_the_email_tells_who_it_is(database: Database, tmp_path: Path, row: str) -> None:
    run(database, tmp_path, HEADER + SARI)
    report = run(database, tmp_path, f"name,phones,emails\n{row}\n")
    assert (report.created, report.updated) == (0, 1)
    with database.reading() as session:
        assert session.scalars(select(Customer.name)).all() == ["Sari L."]


def test_a_customer_without_external_id_gets_the_one_in_the_file(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, "name,phones\nSari Lestari,08112345678\n")
    run(database, tmp_path, HEADER + SARI)
    with database.reading() as session:
        assert session.scalars(select(Customer.external_id)).all() == ["C1"]


def test_a_household_that_shares_a_number_stays_two_people(database: Database, tmp_path: Path) -> None:
    report = run(database, tmp_path, "external_id,name,phones\nA,Sari,0224201234\nB,Budi,0224201234\n")
    assert (report.created, report.errors) == (2, ())


def test_an_ambiguous_row_names_the_candidates_but_not_the_number(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, "external_id,name,phones\nA,Sari,0224201234\nB,Budi,0224201234\n")
    before = contents(database)
    report = run(database, tmp_path, "name,phones\nSomebody,0224201234\n")
    ids = [row[0] for row in before]
    assert report.errors[0].message == f"fits several customers: customer {ids[0]}, customer {ids[1]}; give the external_id"
    assert contents(database) == before


def test_of_several_who_share_a_number_the_name_tells_who_it_is(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, "external_id,name,phones\nA,Sari,0224201234\nB,Budi,0224201234\n")
    report = run(database, tmp_path, "name,city,phones\nbudi,Bandung,0224201234\n")
    assert report.updated == 1
    with database.reading() as session:
        assert session.scalar(select(Customer.city).where(Customer.external_id == "B")) == "Bandung"


def test_the_same_customer_twice_in_a_file_is_told(database: Database, tmp_path: Path) -> None:
    report = run(database, tmp_path, "external_id,name\nA,Sari\nB,Budi\nA,Sari Lestari\n")
    assert report.created == 2
    assert [(error.line, error.message) for error in report.errors] == [(4, "may be the same customer as in line 2")]


def test_faulty_rows_are_reported_with_their_line_and_the_others_come_in(database: Database, tmp_path: Path) -> None:
    rows = [
        'A,Sari,"Jl. Melati\nNo. 3\nRT 5",id,0811 2345 678,\n',  # lines 2 to 4
        "\n",
        "B,Budi,,fr,,\n",  # 6
        "C,Citra,,,12345,nobody\n",  # 7
        ",Dewi,,,,\n",  # 8
        "E,Eko,,\n",  # 9
        f"F,{'x' * 161},,,,\n",  # 10
        "G,,,,0812 3456 7890,\n",  # 11
        "H,Hadi,,EN,+62 813 1234 5678,hadi@example.com\n",  # 12
    ]
    report = run(database, tmp_path, "external_id,name,address,language,phones,emails\n" + "".join(rows))
    assert report.created == 2
    assert faults(report) == [(6, "language"), (7, "phones"), (7, "emails"), (8, ""), (9, ""), (10, "name"), (11, "name")]
    assert not report.ok
    with database.reading() as session:
        assert sorted(session.scalars(select(Customer.name))) == ["Hadi", "Sari"]
        assert session.scalar(select(Customer.address).where(Customer.external_id == "A")) == "Jl. Melati No. 3 RT 5"


def test_an_error_shows_no_whole_number(database: Database, tmp_path: Path) -> None:
    report = run(database, tmp_path, "name,phones\nSari,0899 1234 5678 9012\n")
    assert "***012" in report.errors[0].message
    assert "1234" not in report.errors[0].message


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("name,phone", "phone"),
        ("name,phones,name", "name"),
        ("name;phones", "name;phones"),
        ("name,,phones", ""),
        ("name,city", ""),
    ],
)
def test_a_faulty_first_line_is_named_and_nothing_comes_in(database: Database, tmp_path: Path, header: str, column: str) -> None:
    report = run(database, tmp_path, f"{header}\nSari,08112345678,x\n")
    assert faults(report) == [(1, column)]
    assert contents(database) == []


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"external_id,name\nA,Sari\nB,\xff\xfe\n", 3),
        (b"external_id,name\nA,Sari\nB,Bu\x00di\n", 3),
        (b'external_id,name\nA,Sari\nB,"Budi\nC,Citra\n', 3),
        (HEADER.encode("utf-16"), 1),
    ],
)
def test_what_is_no_csv_in_utf8_is_told_with_its_line(database: Database, tmp_path: Path, content: bytes, line: int) -> None:
    report = run(database, tmp_path, content)
    assert {error.line for error in report.errors} == {line}
    assert report.created == (1 if line == 3 else 0)


def test_a_first_line_that_is_not_utf8_is_told_once_and_shows_no_rubbish(database: Database, tmp_path: Path) -> None:
    report = run(database, tmp_path, (HEADER + SARI).encode("utf-16"))
    assert [(error.line, error.message) for error in report.errors] == [(1, "not text in UTF-8: save the file as UTF-8")]


def test_a_byte_order_mark_does_no_harm(database: Database, tmp_path: Path) -> None:
    assert run(database, tmp_path, (HEADER + SARI).encode("utf-8-sig")).created == 1


def test_a_dry_run_writes_nothing_and_reports_the_same(database: Database, tmp_path: Path) -> None:
    text = HEADER + SARI + "C2,Budi,,,,,,,,0811-2345-678,\n,Citra,,xx,,,,,,,\nC1,Sari,,,,,,,,,\n"
    dry = run(database, tmp_path, text, dry_run=True)
    assert contents(database) == []
    assert run(database, tmp_path, text) == dry


def test_what_fails_midway_leaves_nothing(database: Database, tmp_path: Path) -> None:
    """Another import of the same customer is committed between our reading and our writing."""
    rival = tmp_path / "rival.csv"
    rival.write_text(HEADER + "C900,Rival,,,,,,,,,\n", encoding="utf-8")
    raced: list[object] = []

    class RacingClock(VirtualClock):
        def now(self) -> datetime:
            if not raced:
                raced.append(import_customers(database, rival, CLOCK, "ID", {"1001", "1002"}, dry_run=False))
            return super().now()

    rows = "".join(f"C{number},Customer {number},,,,,,,,,\n" for number in range(1500))
    file = tmp_path / "customers.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(ImportConflict) as conflict:
        import_customers(database, file, RacingClock(CLOCK.now()), "ID", {"1001", "1002"}, dry_run=False)
    assert conflict.value.retryable
    assert [row[2] for row in contents(database)] == ["Rival"]


def test_a_missing_file_and_an_unknown_country_are_told(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        import_customers(database, tmp_path / "none.csv", CLOCK, "ID", {"1001", "1002"}, dry_run=True)
    with pytest.raises(BadInput, match="no country"):
        import_customers(database, tmp_path / "none.csv", CLOCK, "Indonesia", {}, dry_run=True)


def test_look_ups_are_in_batches(database: Database, tmp_path: Path) -> None:
    rows = "".join(f"C{n},Customer {n},,,,,,,,0812{n:08d},c{n}@example.com\n" for n in range(20_000_000, 20_003_000))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    report = run(database, tmp_path, HEADER + rows)
    assert report.created == 3000, report.errors[:3]
    reads, for_search = 7, 4 * 2  # of a batch: to know them again, and twice to be found
    assert len([statement for statement in statements if statement.startswith("SELECT")]) <= 3 * (reads + for_search)


cells = {
    "external_id": st.sampled_from(["", "", "A", "B"]),
    "name": st.sampled_from(["", "Sari", "Budi"]),
    "city": st.sampled_from(["", "Bandung", "Medan"]),
    "phones": st.lists(st.sampled_from(["08112345678", "081312345678"]), max_size=2).map(";".join),
    "emails": st.lists(st.sampled_from(["a@example.com", "b@example.com"]), max_size=2).map(";".join),
}
files = st.lists(st.fixed_dictionaries(cells), max_size=6)


def csv_of(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(cells))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files, files)
def test_any_file_on_any_database_changes_nothing_the_second_time(
    database: Database, tmp_path: Path, before: list[dict[str, str]], rows: list[dict[str, str]]
) -> None:
    with database.writing() as session:
        for table in (CustomerPhone, CustomerEmail, Customer):
            session.execute(delete(table))
        session.commit()
    run(database, tmp_path, csv_of(before))
    dry = run(database, tmp_path, csv_of(rows), dry_run=True)
    first = run(database, tmp_path, csv_of(rows))
    assert dry == first
    assert first.created + first.updated + first.unchanged + len({error.line for error in first.errors}) == sum(
        any(row.values()) for row in rows
    )
    once = contents(database)
    second = run(database, tmp_path, csv_of(rows))
    assert (second.created, second.updated) == (0, 0)
    assert contents(database) == once


def test_a_customers_own_agent_must_be_one_of_ours(database: Database, tmp_path: Path) -> None:
    report = run(database, tmp_path, "external_id,name,named_agent\nC1,Sari,1002\nC2,Budi,1099\n")
    assert (report.created, faults(report)) == (1, [(3, "named_agent")])
    assert report.errors[0].message == "there is no agent '1099'"
    with database.reading() as session:
        assert session.scalars(select(Customer.named_agent)).all() == ["1002"]
