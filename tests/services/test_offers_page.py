"""Supervisors' page of offers, and the report that it and the command show."""

from datetime import timedelta

import pytest

from core.ids import new_id
from crm.customers import Customer
from crm.offers.candidates import Candidate
from crm.offers.decision import Decision
from crm.offers.offer import OfferKind, OfferState, Why
from crm.offers.records import answer_offer, keep_decision
from crm.offers.report import OfferReport, offer_report
from launch.offers import report_lines
from tests.services.desk_house import NOON, DeskHouse
from tests.services.offer_shop import OfferShop, open_shop, order, shipped_terms

SINCE, UNTIL = NOON - timedelta(days=90), NOON


@pytest.fixture
def shop(desk: DeskHouse) -> OfferShop:
    return open_shop(desk)


def decided(
    shop: OfferShop, days_ago: float, arm: OfferState, said: OfferState | None = None, bought: tuple[float, ...] = ()
) -> int:
    """A new customer, what was decided for them so many days ago, what they said, and the days after it on which they bought."""
    at = NOON - timedelta(days=days_ago)
    key = new_id()
    with shop.desk.database.writing() as session:
        customer = Customer(name="Somebody", created_at=NOON, updated_at=NOON)
        session.add(customer)
        session.flush()
        candidate = Candidate(OfferKind.TOGETHER, shop.ids["EARRINGS"], 400_000)
        keep_decision(session, key, customer.id, "1001", "billing", "billing", Decision(arm, candidate), at)
        if said is not None:
            answer_offer(session, key, said, "1001", at)
        for after in bought:
            order(session, customer.id, [shop.ids["FILTER"]], days_ago - after)
        session.commit()
        return customer.id


def suppressed(shop: OfferShop, *whys: Why) -> None:
    with shop.desk.database.writing() as session:
        decision = Decision(OfferState.SUPPRESSED, whys=whys)
        keep_decision(session, new_id(), shop.desk.customer_id, "1001", "billing", "billing", decision, NOON - timedelta(days=1))
        session.commit()


def report(shop: OfferShop) -> OfferReport:
    with shop.desk.database.reading() as session:
        return offer_report(session, SINCE, UNTIL, shipped_terms(), NOON)


def test_groups_are_compared_by_what_they_bought_in_the_measured_days(shop: OfferShop) -> None:
    for number in range(6):
        decided(shop, 60, OfferState.SHOWN, OfferState.ACCEPTED if number < 2 else OfferState.DECLINED, (5,) if number < 3 else ())
    for number in range(4):
        decided(shop, 60, OfferState.HELD_OUT, bought=(5,) if number < 1 else ())
    found = report(shop).whole
    assert (found.counts.shown, found.counts.accepted, found.counts.declined) == (6, 2, 4)
    assert (found.uplift.offered, found.uplift.held_out) == (6, 4)
    assert found.uplift.rate is not None
    assert found.uplift.rate.value == pytest.approx(3 / 6 - 1 / 4)
    assert found.uplift.revenue_idr is not None
    assert found.uplift.revenue_idr.value == pytest.approx(50_000 - 25_000)


def test_orders_before_and_long_after_do_not_count_and_neither_do_days_that_run_still(shop: OfferShop) -> None:
    decided(shop, 60, OfferState.SHOWN, bought=(-1, 31, 0))
    decided(shop, 10, OfferState.SHOWN, bought=(2,))
    found = report(shop)
    assert found.running == 1
    assert found.whole.uplift.offered == 1
    assert found.whole.uplift.offered_rate is not None
    assert found.whole.uplift.offered_rate.value == 0
    assert found.whole.counts.shown == 2


def test_a_customer_counts_once_in_a_period(shop: OfferShop) -> None:
    customer_id = decided(shop, 61, OfferState.SHOWN, bought=(1,))
    with shop.desk.database.writing() as session:
        candidate = Candidate(OfferKind.POPULAR, shop.ids["FILTER"], 90_000)
        for days in (60, 59):
            keep_decision(
                session, new_id(), customer_id, "1001", "sales", "sales", Decision(OfferState.SHOWN, candidate),
                NOON - timedelta(days=days),
            )  # fmt: skip
        session.commit()
    found = report(shop)
    assert (found.whole.counts.shown, found.whole.uplift.offered) == (3, 1)
    assert [(part.name, part.counts.shown, part.uplift.offered) for part in found.by_kind] == [
        ("popular", 2, 0),
        ("together", 1, 1),
    ]
    assert [(part.name, part.counts.shown) for part in found.by_script] == [("billing", 1), ("sales", 2)]


def test_what_suppressed_is_counted(shop: OfferShop) -> None:
    suppressed(shop, Why.PROBLEM_OPEN)
    suppressed(shop, Why.REFUSED, Why.PROBLEM_OPEN)
    assert report(shop).whys == (("problem_open", 2), ("consent_refused", 1))
    assert report(shop).whole.counts.shown == 0


def test_the_page_shows_it_in_both_languages(shop: OfferShop) -> None:
    for number in range(12):
        decided(shop, 60, OfferState.SHOWN, OfferState.ACCEPTED, (5,) if number % 2 else ())
        decided(shop, 60, OfferState.HELD_OUT)
    suppressed(shop, Why.NEVER_ASKED)
    sari = shop.desk.browser("sari")
    page = sari.get("/offers").text
    for words in ("Offers bring more orders.", "Goes with it", "Billing question", "They have never allowed offers by phone."):
        assert words in page
    assert 'class="at clear"' in page
    sari.client.post("/language", data={"csrf_token": sari.token, "language": "id", "page": "offers.page"})
    page = sari.get("/offers?days=365").text
    assert "Penawaran menambah pesanan." in page
    assert "Pelengkap" in page


def test_an_empty_page_says_what_will_appear(desk: DeskHouse) -> None:
    page = desk.browser("root").get("/offers").text
    assert "What offers bring is known once the 30 days after the first offers are over" in page
    assert "Nothing was suppressed." in page


def test_only_supervisors_and_admins_see_it(desk: DeskHouse) -> None:
    for login in ("dewi", "plan"):
        assert desk.browser(login).get("/offers").status_code == 403
    assert desk.browser("root").get("/offers").status_code == 200
    assert desk.browser("sari").get("/offers?days=8").status_code == 400


def test_the_command_says_the_same(shop: OfferShop) -> None:
    for number in range(5):
        decided(shop, 60, OfferState.SHOWN, OfferState.ACCEPTED if number < 2 else None, (5,))
        decided(shop, 60, OfferState.HELD_OUT)
    suppressed(shop, Why.SAID_NO)
    text = "\n".join(report_lines(report(shop)))
    assert "shown 5: accepted 2, declined 0, not now 0, nothing said 3" in text
    assert "all: 5 offered, 5 held out; taken 40.0% [11.8%, 76.9%]" in text  # Wilson's interval of 2 in 5
    assert "+100.0 points" in text
    assert "Suppressed because said_no 1" in text
