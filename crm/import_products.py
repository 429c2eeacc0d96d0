"""Importing what we sell, and its promotions, from CSV files. A second run changes nothing."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.database import Database
from crm.import_report import ImportReport
from crm.import_table import Cell, Columns, import_table
from crm.orders import Product
from crm.promotions import LEAST_PERCENT, MOST_PERCENT, Promotion

_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})
_MOST = 10**12


def import_products(database: Database, file: Path, dry_run: bool) -> ImportReport:
    """Create or update products, known by their `sku`. Raises as crm.import_table.import_table."""
    return import_table(database, file, _PRODUCTS, dry_run)


def import_promotions(database: Database, file: Path, dry_run: bool) -> ImportReport:
    """Create or update promotions, known by their `code`; the column `sku` names the product. Raises likewise."""
    with database.reading() as session:
        skus: dict[str, int] = {row.sku: row.id for row in session.execute(select(Product.sku, Product.id))}

    def product(text: str) -> int:
        if text not in skus:
            raise ValueError(f"there is no product {text[:24]!r}; import it first")
        return skus[text]

    cells: dict[str, Cell] = {
        "code": _text(24), "sku": product, "name_id": _text(120), "name_en": _text(120),
        "discount_percent": _number(LEAST_PERCENT, MOST_PERCENT), "starts_on": _day, "ends_on": _day,
    }  # fmt: skip
    columns = Columns(Promotion, "code", cells, tuple(cells), {"sku": "product_id"}, whole=_days_in_order)
    return import_table(database, file, columns, dry_run)


def _text(longest: int) -> Cell:
    def read(text: str) -> str:
        if len(text) > longest:
            raise ValueError(f"{len(text)} characters, but at most {longest} fit")
        return text

    return read


def _number(least: int, most: int) -> Cell:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}, without dots")
        return int(text)

    return read


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise ValueError("made of small letters, digits and _, a letter first, at most 40")
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError("must be yes or no")
    return text.lower() in _YES


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a day such as 2026-03-01") from None


def _days_in_order(row: Mapping[str, Any]) -> str:
    return "" if row["starts_on"] <= row["ends_on"] else "ends before it starts"


def _in_line(row: Mapping[str, Any]) -> str:
    return "" if bool(row["line"]) == bool(row["line_step"]) else "line and line_step go together: line_step is 1 for the plainest"


_PRODUCTS = Columns(
    Product, "sku",
    {
        "sku": _text(24), "name_id": _text(120), "name_en": _text(120), "category": _slug, "price_idr": _number(1, _MOST),
        "stock": _number(0, 10**9), "line": _slug, "line_step": _number(1, 99), "bought_again": _yes_or_no,
    },
    ("sku", "name_id", "name_en", "category", "price_idr", "stock"),
    {},
    {"line": "", "line_step": 0, "bought_again": False},
    _in_line,
)  # fmt: skip
