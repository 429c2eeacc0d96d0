"""What a form knows at a place: the name that was meant, and where true or false stands for a number."""

from collections.abc import Mapping
from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from core.yaml_fields import meant_name, numbers_as_words


class Part(BaseModel):
    after_s: Annotated[float, Field(gt=0)]
    count: int | None = None
    closed: bool = False
    either: int | bool = 0
    named: Mapping[str, int] = {}


class Whole(BaseModel):
    parts: tuple[Part, ...] = ()
    one: Part | None = None


@pytest.mark.parametrize(("path", "meant"), [
    (("parts", 0, "after"), "after_s"), (("one", "cont"), "count"), (("parst",), "parts"), (("parts", 0, "colour"), None),
    (("nowhere", "after"), None), (("one", "named", "x"), None), (("parts", "after"), None),
])  # fmt: skip
def test_the_name_that_was_meant_is_the_nearest_one_that_is_known_there(path: tuple[str | int, ...], meant: str | None) -> None:
    assert meant_name(Whole, path) == meant


def test_true_and_false_are_no_numbers_but_where_they_may_stand() -> None:
    data = {
        "parts": [{"after_s": True, "closed": True}, {"after_s": 1, "count": False}],
        "one": {"either": True, "named": {"x": True}, "unknown": True},
    }
    assert numbers_as_words(Whole, data) == [("parts", 0, "after_s"), ("parts", 1, "count"), ("one", "named", "x")]
