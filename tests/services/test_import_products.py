"""Products and promotions from CSV files: checked cell by cell, twice changes nothing."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from core.database import Database
from core.errors import BadInput
from crm.import_products import import_products, import_promotions
from crm.import_report import ImportReport
from crm.orders import Product
from crm.promotions import Promotion, promotions_on

PRODUCTS = (
    "sku,name_id,name_en,category,price_idr,stock,line,line_step,bought_again\n"
    "TV-32,Televisi 32,TV 32,television,2000000,4,television,1,\n"
    "FILTER,Saringan,Filter,supplies,90000,50,,,yes\n"
)
PROMOTIONS = (
    "code,sku,name_id,name_en,discount_percent,starts_on,ends_on\n"
    "HEMAT,TV-32,Hemat,Thrift,10,2026-03-01,2026-03-31\n"
    "SUPER,TV-32,Super,Super,25,2026-03-10,2026-03-12\n"
)  # fmt: skip


def run(database: Database, folder: Path, text: str, dry_run: bool = False, of: str = "products") -> ImportReport:
    file = folder / "rows.csv"
    file.write_text(text, encoding="utf-8")
    return (import_products if of == "products" else import_promotions)(database, file, dry_run)


def products(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        rows = session.scalars(select(Product).order_by(Product.sku))
        return [(each.sku, each.price_idr, each.stock, each.line, each.line_step, each.bought_again) for each in rows]


def test_products_are_created_and_a_second_run_changes_nothing(database: Database, tmp_path: Path) -> None:
    assert run(database, tmp_path, PRODUCTS).created == 2
    expected = [("FILTER", 90_000, 50, "", 0, True), ("TV-32", 2_000_000, 4, "television", 1, False)]
    assert products(database) == expected
    again = run(database, tmp_path, PRODUCTS)
    assert (again.created, again.updated, again.unchanged, again.ok) == (0, 0, 2, True)
    assert products(database) == expected


def test_filled_cells_replace_and_the_rest_stays(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, PRODUCTS)
    report = run(database, tmp_path, "sku,stock,price_idr\nTV-32,0,\nFILTER,50,95000\n")
    assert (report.updated, report.unchanged) == (2, 0)
    assert products(database) == [("FILTER", 95_000, 50, "", 0, True), ("TV-32", 2_000_000, 0, "television", 1, False)]


def test_a_dry_run_says_the_same_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    assert run(database, tmp_path, PRODUCTS, dry_run=True).created == 2
    assert products(database) == []


@pytest.mark.parametrize(("row", "column", "said"), [
    ("TV-32,A,B,television,2.000.000,4,,,", "price_idr", "must be a whole number"),
    ("TV-32,A,B,television,2000000,-1,,,", "stock", "must be a whole number"),
    ("TV-32,A,B,Television set,2000000,1,,,", "category", "small letters"),
    ("TV-32,A,B,television,2000000,1,television,,", "", "go together"),
    ("TV-32,A,B,television,2000000,1,,,perhaps", "bought_again", "must be yes or no"),
    ("TV-32,A,B,television,,1,,,", "price_idr", "a new row needs it"),
    (",A,B,television,1,1,,,", "sku", "could not be known again"),
    ("TV-32,A", "", "2 cells"),
])  # fmt: skip
def test_a_faulty_row_is_named_and_the_others_are_taken(
    database: Database, tmp_path: Path, row: str, column: str, said: str
) -> None:
    header, _first, good = PRODUCTS.strip().split("\n")
    report = run(database, tmp_path, f"{header}\n{row}\n{good}\n")
    (error,) = report.errors
    assert (error.line, error.column) == (2, column)
    assert said in error.message
    assert report.created == 1


@pytest.mark.parametrize(("text", "said"), [
    ("", "the file is empty"), ("sku,colour\n", "no column 'colour'"), ("name_id\n", "needed to know a row again"),
    ("sku,sku\n", "twice"),
])  # fmt: skip
def test_a_faulty_first_line_leaves_out_all(database: Database, tmp_path: Path, text: str, said: str) -> None:
    report = run(database, tmp_path, text)
    assert said in report.errors[0].message
    assert report.created == 0


def test_the_same_product_twice_is_told(database: Database, tmp_path: Path) -> None:
    report = run(database, tmp_path, PRODUCTS + PRODUCTS.strip().split("\n")[1] + "\n")
    assert [(error.line, error.message) for error in report.errors] == [(4, "this row stands here twice")]


def test_no_file_and_no_text(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        import_products(database, tmp_path / "none.csv", False)
    (tmp_path / "bytes.csv").write_bytes(b"sku\n\xff\xfe\n")
    with pytest.raises(BadInput):
        import_products(database, tmp_path / "bytes.csv", False)


def test_promotions_hold_between_their_days_and_the_largest_wins(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, PRODUCTS)
    assert run(database, tmp_path, PROMOTIONS, of="promotions").created == 2
    assert run(database, tmp_path, PROMOTIONS, of="promotions").unchanged == 2
    with database.reading() as session:
        days = {day: promotions_on(session, date(2026, 3, day)) for day in (1, 9, 10, 12, 13, 31)}
        assert promotions_on(session, date(2026, 2, 28)) == promotions_on(session, date(2026, 4, 1)) == {}
    assert {day: [each.code for each in found.values()] for day, found in days.items()} == {
        1: ["HEMAT"], 9: ["HEMAT"], 10: ["SUPER"], 12: ["SUPER"], 13: ["HEMAT"], 31: ["HEMAT"],
    }  # fmt: skip


def test_a_promotion_of_no_product_or_that_ends_before_it_starts_is_told(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, PRODUCTS)
    text = PROMOTIONS.replace("HEMAT,TV-32", "HEMAT,NONE").replace("2026-03-10,2026-03-12", "2026-03-12,2026-03-10")
    report = run(database, tmp_path, text, of="promotions")
    assert [(error.line, error.column) for error in report.errors] == [(2, "sku"), (3, "")]
    with database.reading() as session:
        assert session.scalars(select(Promotion)).all() == []
