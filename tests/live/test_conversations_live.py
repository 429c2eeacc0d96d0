"""The same conversation files as without a phone, held by real calls: what is heard, where they end, and what is left behind."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from crm.callback_tasks import CallbackTask
from crm.contact_history import Interaction
from crm.customers import Customer
from crm.orders import Order, OrderStatus
from crm.time_windows import WindowPlan
from ivr.conversations.people import EVERYBODY, SARI
from ivr.conversations.story_file import SHIPPED_FOLDER, read_story, read_story_file
from launch.demo.phone_conversations import HeldByPhone, phone_conversations
from launch.supervision.processor_share import is_raised
from tests.live.house import House, wait_until

pytestmark = [pytest.mark.one_database, pytest.mark.ears]

AT_ONCE = 4
NAMES = (
    "person_at_once", "team_sales_by_key",  # the way to a person, by one key and by three
    "order_person_over_the_answer",  # a key in the middle of a sentence
    "order_by_voice", "order_in_english",  # by voice, in both languages; hangs up after the answer
    "order_stranger_types_number",  # a stranger, English, a number with a hash behind it
    "delivery_rescheduled", "ticket_status_with_pin",  # a PIN; changes an order; a wrong PIN first
    "silence_all_along", "hangs_up_in_the_menu",
    "call_back_promised", "message_and_gone",  # promised calls, one with a message
    "records_slow",  # no phone can hold it
)  # fmt: skip
# Without a phone this goes as written. By phone it can't: the records of that Halo are changed before.
OTHERWISE = """# The parcel is on its way.
caller: Sari

halo: main_menu_1
caller: presses 1
halo: order_out_for_delivery
halo: after_order_1
caller: is silent
ends: contained
"""


@dataclass
class Run:
    """What became of the conversations, and the interactions of all calls that were made for them."""

    halo: House
    results: dict[str, HeldByPhone]
    otherwise: HeldByPhone
    interactions: set[str]


@pytest.fixture(scope="module")
def run(_house: House, tmp_path_factory: pytest.TempPathFactory) -> Run:
    stories = [read_story_file(SHIPPED_FOLDER / f"{name}.txt") for name in NAMES]
    folder = tmp_path_factory.mktemp("conversations")
    with phone_conversations(_house.settings, _house.database, _house.bus, _house.carrier, folder) as conversations:
        results = conversations.hold_all(stories, AT_ONCE, lambda _held: None)
        deliver(_house)
        (otherwise,) = conversations.hold_all([read_story(OTHERWISE, "otherwise.txt")], 1, lambda _held: None, calls=1)
        interactions = set(conversations.interactions)
    return Run(_house, {Path(held.story.source).stem: held for held in results}, otherwise, interactions)


def deliver(halo: House) -> None:
    """Sari's order has come after all."""
    with halo.database.writing() as session:
        order = session.scalars(select(Order).where(Order.number == SARI.order)).one()
        order.status, order.delivered_at = OrderStatus.DELIVERED, order.placed_at
        session.commit()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "records_slow"])
def test_a_conversation_goes_by_phone_as_its_file_says(run: Run, name: str) -> None:
    held = run.results[name]
    assert (held.problem, held.why_not) == ("", "")


def test_the_callers_asterisk_stands_behind_nothing_else_that_we_do(run: Run) -> None:
    """Beside two busy loops in one session with it, its recordings lacked up to a second of eleven; in one of its own nothing."""
    conf = str(run.halo.settings.home / "carrier/etc/asterisk.conf").encode()
    (pid,) = [int(found.parent.name) for found in Path("/proc").glob("[0-9]*/cmdline") if conf in found.read_bytes().split(b"\0")]
    assert os.getsid(pid) == pid
    assert is_raised(pid) or os.geteuid() != 0


def test_what_no_phone_can_hold_is_told_with_the_reason(run: Run) -> None:
    assert run.results["records_slow"].why_not.startswith("the records of a Halo at work are not made slow")


def test_what_goes_otherwise_by_phone_is_named_with_file_and_line_and_what_was_heard(run: Run) -> None:
    problem = run.otherwise.problem
    assert problem.startswith("otherwise.txt, line 6: expected order_out_for_delivery ")
    assert "heard by phone instead: order_number " in problem
    assert (run.halo.settings.home / "recordings-of-tests" / "otherwise.wav").stat().st_size > 100_000


def test_nothing_stays_but_the_calls_and_the_customers_they_belong_to(run: Run) -> None:
    people = select(Customer.id).where(Customer.external_id.in_([person.customer_number for person in EVERYBODY]))
    assert len(run.interactions) >= len(NAMES)  # all but one were held, and one more
    wait_until(lambda: recorded(run) == run.interactions, "the record of every call")
    with run.halo.database.reading() as session:
        assert len(session.scalars(people).all()) == len(EVERYBODY)
        assert session.scalars(select(Order.id).where(Order.customer_id.in_(people))).all() == []
        assert session.scalars(select(CallbackTask.id).where(CallbackTask.customer_id.in_(people))).all() == []
        assert session.scalars(select(WindowPlan.id).where(WindowPlan.area == "999")).all() == []
        own = session.scalars(select(Interaction).where(Interaction.customer_id.in_(people))).all()
    assert len(own) >= 8
    assert not any(file.suffix == ".wav" for file in run.halo.settings.recordings_folder.rglob("*") if _is_of(file, own))


def recorded(run: Run) -> set[str]:
    """Those of the interactions that are over, on record."""
    with run.halo.database.reading() as session:
        ended = select(Interaction.id).where(Interaction.id.in_(run.interactions), Interaction.ended_at.is_not(None))
        return set(session.scalars(ended))


def _is_of(file: Path, calls: list[Interaction]) -> bool:
    return any(call.id in file.name for call in calls)
