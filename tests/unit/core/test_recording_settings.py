"""Which queues are recorded, and for how long their talks are kept."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.settings import Settings

NAMES = st.lists(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), unique=True, max_size=5)


def settings(**values: object) -> Settings:
    return Settings(home=Path("/nowhere"), session_key="x", redis_password="x", ami_password="x", **values)  # type: ignore[arg-type]


@given(NAMES, st.from_regex(r"[a-z_]{1,12}", fullmatch=True))
def test_a_queue_is_recorded_unless_it_is_named(names: list[str], queue: str) -> None:
    assert settings(unrecorded_queues=",".join(names)).records_talks_of(queue) is (queue not in names)
    assert not settings(unrecorded_queues=",".join(names), record_talks=False).records_talks_of(queue)


@given(NAMES, st.integers(1, 3000))
def test_the_days_of_queues_are_read_as_written(names: list[str], days: int) -> None:
    assert settings(talks_kept_days_by_queue=",".join(f"{name}={days}" for name in names)).talks_kept_days_of == dict.fromkeys(
        names, float(days)
    )


@pytest.mark.parametrize("wrong", ["billing", "billing=", "=30", "billing=30;sales=4", "billing=1.5", "billing=-1"])
def test_what_can_not_be_read_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        settings(talks_kept_days_by_queue=wrong)
