"""The demo shop's own world: its catalogue, and the places where its customers live."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

_FOLDER = Path(__file__).parent
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Article:
    """A product of the catalogue, with its whole-rupiah price of today."""

    sku: str
    category: str
    name_id: str
    name_en: str
    price_idr: int
    stock: int


@dataclass(frozen=True, slots=True)
class Town:
    """A town with its fixed-line area code ("021"), postcodes (first, last) and the days a parcel takes (least, most)."""

    city: str
    province: str
    area_code: str
    postcodes: tuple[int, int]
    weight: int
    parcel_days: tuple[int, int]


def load_articles() -> list[Article]:
    """The catalogue, in the order of its file."""
    return [
        Article(sku, category, *properties)
        for category, articles in read_part("catalogue.yaml").items()
        for sku, properties in articles.items()
    ]


def load_towns() -> list[Town]:
    """The places, in the order of their file."""
    return [
        Town(
            city, town["province"], town["area_code"], tuple(town["postcodes"]), town["weight"], tuple(town["parcel_days"])
        )
        for city, town in read_part("places.yaml").items()
    ]  # fmt: skip


def weighted(chance: Random, choices: Sequence[tuple[Choice, float]]) -> Choice:
    """One of the choices, each as likely as its weight."""
    return chance.choices([choice for choice, _weight in choices], [weight for _choice, weight in choices])[0]


def read_part(name: str) -> dict[str, Any]:
    """A file of the demo shop."""
    content: dict[str, Any] = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return content
