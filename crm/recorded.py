"""Rows whose recording is still there: few of many, and found by indexes that hold no others."""

from typing import Any

from sqlalchemy import ColumnElement, Index, literal_column, text
from sqlalchemy.orm import InstrumentedAttribute

_NONE = "''"


def is_recorded(column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether the path is there. Written out, not bound: a database takes a partial index only where it reads its condition."""
    return column != literal_column(_NONE)


def recorded_index(name: str, path: str, *columns: Any) -> Index:
    """An index over rows whose column `path` is not ""."""
    condition = text(f"{path} <> {_NONE}")
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
