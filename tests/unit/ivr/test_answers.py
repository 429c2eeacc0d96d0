from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crm.orders import OrderStatus
from crm.time_windows import Window
from ivr.answers import bill_answer, is_worth_telling, order_answer, tracking_answer
from ivr.catalogue import text_of
from ivr.desk import BillFacts, OrderFacts, TrackingFacts
from ivr.wording import Aloud, Written
from tests.unit.ivr.fake_desk import order_facts
from tests.unit.ivr.fake_line import NOW

TODAY = NOW.date()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("status", list(OrderStatus))
def test_every_status_can_be_told_and_names_the_order(status: OrderStatus, language: str) -> None:
    prompts = order_answer(order_facts(status=status), Aloud(language, NOW))
    told = " ".join(text_of(prompt) for prompt in prompts)
    assert ("satu nol nol nol" if language == "id" else "one zero zero zero") in told


def told(order: OrderFacts) -> list[str]:
    return [text_of(prompt) for prompt in order_answer(order, Aloud("en", NOW))]


def test_the_day_of_delivery_is_the_local_one() -> None:
    assert "was delivered yesterday" in told(order_facts(status="delivered"))[0]  # 1 February, 20:00 UTC is the 2nd in Jakarta


def test_a_delivery_without_a_day_is_told_without_one() -> None:
    assert told(replace(order_facts(status="delivered"), delivered_at=None))[0].endswith("has been delivered.")


def test_a_late_order_is_apologised_for_and_one_due_today_is_not_late() -> None:
    assert any(
        "sorry for the delay" in sentence for sentence in told(replace(order_facts(status="shipped"), promised_on=date(2025, 2, 2)))
    )
    assert "We expect it to arrive today." in told(replace(order_facts(status="shipped"), promised_on=TODAY))


def test_without_a_promised_day_none_is_named() -> None:
    assert len(told(replace(order_facts(status="placed"), promised_on=None))) == 3


def test_a_cancelled_order_has_neither_a_day_nor_a_total() -> None:
    assert len(told(order_facts(status="cancelled"))) == 2


def test_a_finished_order_is_worth_telling_for_two_weeks() -> None:
    order = order_facts(status="delivered")
    assert is_worth_telling(order, NOW)
    assert not is_worth_telling(replace(order, delivered_at=datetime(2025, 1, 10, tzinfo=UTC)), NOW)
    assert is_worth_telling(replace(order, status="shipped", placed_at=datetime(2024, 1, 1, tzinfo=UTC), delivered_at=None), NOW)


def bills(*days: date) -> list[BillFacts]:
    return [BillFacts(f"INV-{number}", day, 100_000) for number, day in enumerate(days)]


def test_one_bill_its_amount_and_day() -> None:
    assert [text_of(prompt) for prompt in bill_answer(bills(date(2025, 2, 4)), Aloud("en", NOW))] == [
        "There is one bill of one hundred thousand rupiah, due tomorrow."
    ]


def test_several_bills_are_counted_and_summed_and_the_first_one_named() -> None:
    assert [text_of(prompt) for prompt in bill_answer(bills(date(2025, 2, 4), date(2025, 3, 4)), Aloud("en", NOW))] == [
        "There are two open bills, two hundred thousand rupiah in all.",
        "The first is one hundred thousand rupiah, due tomorrow.",
    ]


@pytest.mark.parametrize("more", [(), (date(2025, 3, 4),)], ids=["one", "two"])
def test_an_overdue_bill_is_said_kindly(more: tuple[date, ...]) -> None:
    keys = [prompt.key for prompt in bill_answer(bills(date(2025, 2, 2), *more), Aloud("id", NOW))]
    assert keys[-1] == "bill_maybe_paid"
    assert any(key.endswith("_overdue") for key in keys)


def test_a_bill_due_today_is_not_overdue() -> None:
    assert [prompt.key for prompt in bill_answer(bills(TODAY), Aloud("id", NOW))] == ["bill_one"]


def test_where_it_is_comes_before_its_number_and_its_total() -> None:
    keys = [prompt.key for prompt in order_answer(order_facts(), Aloud("id", NOW))]
    assert keys == ["order_out_for_delivery", "order_expected", "order_number", "order_total"]


def test_the_window_that_was_chosen_is_told() -> None:
    order = replace(order_facts(status="shipped"), window=Window(date(2025, 2, 4), 9, 12))
    assert "We expect it to arrive tomorrow, between nine in the morning and noon." in told(order)


def test_written_it_is_figures_and_dates_that_are_right_tomorrow_too() -> None:
    text = " ".join(text_of(prompt) for prompt in order_answer(order_facts(), Written("id", NOW)))
    assert text == "Pesanan Anda sedang diantar kurir. Perkiraan tiba, Selasa 4 Februari. Nomornya, 10000004. Totalnya Rp412.000."
    assert Written("en", NOW).times(Window(TODAY, 9, 12)) == "between 09:00 and 12:00"


def tracked(code: str, place: str, hours_ago: float) -> TrackingFacts:
    return TrackingFacts(NOW - timedelta(hours=hours_ago), code, place, "the parcel left for your address")


def test_tracking_tells_the_newest_scan_with_its_place_and_the_day() -> None:
    seen = [tracked("out_for_delivery", "Bandung", 2), tracked("at_hub", "Jakarta", 20)]
    sentences = [text_of(prompt) for prompt in tracking_answer(order_facts(), seen, Aloud("en", NOW))]
    assert sentences[0] == "The last we know is from Bandung, today, the parcel left for your address."
    assert sentences[1:] == ["We expect it to arrive tomorrow."]


def test_a_scan_without_a_place_names_none_and_without_a_scan_the_status_is_told() -> None:
    assert next(p.key for p in tracking_answer(order_facts(), [tracked("placed", "", 1)], Aloud("id", NOW))) == "tracking_last"
    keys = [p.key for p in tracking_answer(order_facts(), [], Aloud("id", NOW))]
    assert keys[:2] == ["tracking_none", "order_out_for_delivery"]
