"""The wait of somebody who keeps the place to be called back goes on when they have hung up."""

from datetime import UTC, datetime, timedelta

import pytest

from core.events import Event, EventKind
from cti.queued import queued_event
from routing.place import Place
from routing.wait_facts import end_of, place_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLACE = Place("i1", "tax", NOW, "PJSIP/trunk-1")
AT_HOME = Place("i1", "tax", NOW, "", callback=7)


def told(kind: EventKind, seconds: float, **data: object) -> Event:
    return Event(kind, NOW + timedelta(seconds=seconds), "i1", data=data)


PROMISED = [
    queued_event(PLACE), told(EventKind.CALLBACK_PROMISED, 30), queued_event(AT_HOME, again=True, at=NOW + timedelta(seconds=40)),
    told(EventKind.INTERACTION_ENDED, 41),
]  # fmt: skip


@pytest.mark.parametrize("kind", [EventKind.INTERACTION_ANSWERED, EventKind.CALLBACK_MISSED, EventKind.CALLBACK_WITHDRAWN])
def test_it_ends_with_the_call_back(kind: EventKind) -> None:
    assert end_of(AT_HOME, [*PROMISED, told(kind, 400)], NOW + timedelta(seconds=900)) == (NOW + timedelta(seconds=400), kind)


def test_until_then_they_wait() -> None:
    now = NOW + timedelta(seconds=200)
    assert end_of(AT_HOME, PROMISED, now) == (now, None)


def test_who_gave_up_the_place_for_a_promise_waits_no_more() -> None:
    assert end_of(PLACE, PROMISED[:2], NOW + timedelta(seconds=200))[1] is EventKind.CALLBACK_PROMISED


def test_who_took_over_a_place_has_waited_since_its_first_moment() -> None:
    place = place_of([queued_event(PLACE, at=NOW + timedelta(seconds=300))])
    assert place is not None
    assert place.queued_at == NOW
