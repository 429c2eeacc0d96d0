"""The offer on the agent's page: locked while a problem is open, shown with its reason, answered, and on record."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from agent_desktop.services import EXTENSION, Services
from core.events import EventKind
from crm.contact_history import Disposition
from crm.offers.scores import OfferModel, OfferPair, OfferSeller
from crm.script_actions import actions_done
from crm.tickets import Ticket
from routing.agent_state import Action
from routing.place import Place
from scripts.script_file import read_script
from tests.services.desk_house import NOON, Browser, DeskHouse
from tests.services.offer_shop import OfferShop, open_shop
from tests.unit.scripts.small_scripts import end, page, script, text_of


@pytest.fixture
def shop(desk: DeskHouse) -> OfferShop:
    return open_shop(desk)


def talk(desk: DeskHouse, queue: str = "billing", customer: bool = True) -> Place:
    place = desk.reserve(queue=queue, customer=customer)
    desk.step(place, Action.RING, Action.ANSWER)
    desk.record(place)
    return place


def offer_part(html: str) -> str:
    return html.split('id="offer"')[1].split("</section>")[0]


def shown(dewi: Browser) -> str:
    return offer_part(dewi.get("/desk").text)


def solve(dewi: Browser, place: Place, solved: bool = True) -> str:
    answer = dewi.post("/api/solved", interaction_id=place.interaction_id, solved=solved)
    assert answer.status_code == 200, answer.text
    return offer_part(answer.json["html"])


def say(dewi: Browser, place: Place, said: str) -> str:
    answer = dewi.post("/api/offer", interaction_id=place.interaction_id, answer=said)
    assert answer.status_code == 200, answer.text
    return offer_part(answer.json["html"])


def test_before_they_talk_nothing_is_decided(shop: OfferShop, dewi: Browser) -> None:
    shop.desk.reserve()
    assert "Decided when you talk to them." in shown(dewi)
    assert shop.offers() == []


def test_an_offer_is_locked_until_the_problem_is_solved_and_says_why(shop: OfferShop, dewi: Browser) -> None:
    place = talk(shop.desk)
    locked = shown(dewi)
    assert "Their problem is still open." in locked
    assert "Earrings" not in locked
    assert [(offer.state, offer.whys) for offer in shop.offers()] == [("suppressed", ["problem_open"])]
    unlocked = solve(dewi, place)
    for words in (
        "Earrings",
        "Rp 400,000",
        "7 in stock",
        "Bought Necklace 1 week ago; 55% of its buyers took this with it or later.",
    ):
        assert words in unlocked
    assert "Earrings" not in solve(dewi, place, solved=False)
    assert "Earrings" in solve(dewi, place)
    (offer,) = shop.offers()
    assert (offer.state, offer.arm, offer.kind, offer.script) == ("shown", "offered", "together", "overdue")
    states = [event.data["state"] for event in shop.desk.events(EventKind.OFFER_DECIDED)]
    assert states == ["suppressed", "shown", "suppressed", "shown"]


def test_a_page_that_is_loaded_again_decides_and_tells_nothing_new(shop: OfferShop, dewi: Browser) -> None:
    solve(dewi, talk(shop.desk))
    before = len(shop.desk.events(EventKind.OFFER_DECIDED))
    assert "Earrings" in shown(dewi)
    assert len(shop.desk.events(EventKind.OFFER_DECIDED)) == before


def test_a_disposition_that_says_unsolved_locks_it_again(shop: OfferShop, dewi: Browser) -> None:
    place = talk(shop.desk)
    solve(dewi, place)
    draft = {"interaction_id": place.interaction_id, "note": "", "code": "complaint"}
    html = dewi.post("/api/draft", **draft).json["html"]
    assert "Their problem is still open." in offer_part(html)
    assert "Earrings" not in offer_part(html)
    assert dewi.post("/api/offer", interaction_id=place.interaction_id, answer="accepted").status_code >= 400
    assert "html" not in dewi.post("/api/draft", **draft | {"note": "more"}).json


def test_an_accepted_offer_is_a_ticket_of_sales(shop: OfferShop, dewi: Browser) -> None:
    place = talk(shop.desk)
    solve(dewi, place)
    part = say(dewi, place, "accepted")
    with shop.desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
    assert (ticket.category, ticket.subject, ticket.status) == ("sales", "Order by phone: Earrings, Rp 400,000", "open")
    assert ticket.number in part
    (offer,) = shop.offers()
    assert (offer.state, offer.ticket, offer.agent_id) == ("accepted", ticket.number, "1001")
    (told,) = shop.desk.events(EventKind.OFFER_ANSWERED)
    assert told.data | {"product_id": 0} == {
        "answer": "accepted", "customer_id": shop.desk.customer_id, "kind": "together", "price_idr": 400_000, "product_id": 0,
    }  # fmt: skip


def test_a_slip_is_taken_back_with_its_ticket_and_can_be_said_again(shop: OfferShop, dewi: Browser) -> None:
    place = talk(shop.desk)
    solve(dewi, place)
    say(dewi, place, "accepted")
    assert "Accepts" in say(dewi, place, "undone")
    with shop.desk.database.reading() as session:
        assert session.scalars(select(Ticket.status)).all() == ["solved"]
    say(dewi, place, "accepted")
    with shop.desk.database.reading() as session:
        assert session.scalars(select(Ticket.status)).all() == ["open"]
    say(dewi, place, "declined")
    with shop.desk.database.reading() as session:
        assert session.scalars(select(Ticket.status)).all() == ["solved"]
    assert [offer.state for offer in shop.offers()] == ["declined"]


@pytest.mark.parametrize(("said", "quiet_days", "words"), [
    ("declined", 30, "They said no lately."), ("not_now", 7, "They said not now, lately."),
])  # fmt: skip
def test_after_a_no_they_are_left_in_peace_for_a_while(
    shop: OfferShop, dewi: Browser, said: str, quiet_days: int, words: str
) -> None:
    first = talk(shop.desk)
    solve(dewi, first)
    say(dewi, first, said)
    finish(shop.desk, first)
    shop.desk.clock.advance((quiet_days - 1) * 86_400)
    second = talk(shop.desk)
    assert words in solve(dewi, second)
    finish(shop.desk, second)
    shop.desk.clock.advance(86_400)
    assert "Earrings" in solve(dewi, talk(shop.desk))


def test_what_they_accepted_is_not_offered_again_in_the_next_call(shop: OfferShop, dewi: Browser) -> None:
    first = talk(shop.desk)
    solve(dewi, first)
    assert "Ticket" in say(dewi, first, "accepted")
    finish(shop.desk, first)
    shop.desk.clock.advance(600)
    again = solve(dewi, talk(shop.desk))
    assert "<b>Earrings</b>" not in again
    assert "Earrings: they said yes to it lately" in again


def finish(desk: DeskHouse, place: Place) -> None:
    desk.step(place, Action.HANG_UP)
    desk.changes.finish_wrap_up("1001", place.interaction_id, False)


def test_who_is_in_the_comparison_group_is_offered_nothing(shop: OfferShop, dewi: Browser) -> None:
    shop.terms(hold_out_share=0.9, hold_out_period_days=1)
    held = 0
    for _day in range(8):
        place = talk(shop.desk)
        part = solve(dewi, place)
        if "comparison group" in part:
            held += 1
            assert "Earrings" not in part
            assert dewi.post("/api/offer", interaction_id=place.interaction_id, answer="accepted").status_code >= 400
        finish(shop.desk, place)
        shop.desk.clock.advance(86_400)
    assert held >= 4
    assert sum(offer.arm == "held_out" and offer.product_id == shop.ids["EARRINGS"] for offer in shop.offers()) == held


def test_without_consent_nothing_is_offered(shop: OfferShop, dewi: Browser) -> None:
    shop.consent(False)
    assert "They refused offers by phone." in solve(dewi, talk(shop.desk))


def test_a_consent_that_is_withdrawn_in_the_call_hides_the_offer(shop: OfferShop, dewi: Browser) -> None:
    place = talk(shop.desk)
    solve(dewi, place)
    shop.consent(False)
    assert dewi.post("/api/offer", interaction_id=place.interaction_id, answer="accepted").status_code >= 400
    assert "They refused offers by phone." in shown(dewi)


def test_somebody_unknown_is_offered_nothing(shop: OfferShop, dewi: Browser) -> None:
    assert "We do not know who calls." in solve(dewi, talk(shop.desk, customer=False))


def test_an_open_complaint_suppresses_and_a_ticket_of_sales_does_not(shop: OfferShop, dewi: Browser) -> None:
    def ticket(category: str) -> Ticket:
        return Ticket(number=category[:16], customer_id=shop.desk.customer_id, subject="x", category=category, opened_at=NOON)

    with shop.desk.database.writing() as session:
        session.add(ticket("sales"))
        session.commit()
    place = talk(shop.desk)
    assert "Earrings" in solve(dewi, place)
    with shop.desk.database.writing() as session:
        session.add(ticket("product"))
        session.commit()
    assert "A complaint of theirs is still open." in shown(dewi)


def test_a_disputed_bill_that_is_overdue_suppresses(shop: OfferShop, dewi: Browser) -> None:
    earlier = talk(shop.desk)
    with shop.desk.database.writing() as session:
        session.add(Disposition(interaction_id=earlier.interaction_id, agent_id="1001", code="bill_disputed", saved_at=NOON))
        session.commit()
    finish(shop.desk, earlier)
    assert "They dispute a bill that is overdue." in solve(dewi, talk(shop.desk))


def test_what_is_out_of_stock_is_passed_over_and_says_so(shop: OfferShop, dewi: Browser) -> None:
    shop.stock("EARRINGS", 0)
    part = solve(dewi, talk(shop.desk))
    assert "Earrings: out of stock" in part
    assert "Filter" in part  # the best seller that is left
    (offer,) = shop.offers()
    assert {"product_id": shop.ids["EARRINGS"], "why": "out_of_stock"} in offer.passed_over


def test_a_product_that_ran_out_since_it_was_shown_is_shown_no_more(shop: OfferShop, dewi: Browser) -> None:
    place = talk(shop.desk)
    solve(dewi, place)
    shop.stock("EARRINGS", 0)
    assert dewi.post("/api/offer", interaction_id=place.interaction_id, answer="accepted").status_code >= 400
    assert "Nothing fits them now." in shown(dewi)


def test_an_order_that_is_not_packed_can_be_changed_for_a_better_one(shop: OfferShop, dewi: Browser) -> None:
    shop.terms(hold_out_share=0.0, kinds=["up_sell"])
    shop.buys(shop.desk.customer_id, "TV-32", days_ago=0.1, status="placed")
    part = solve(dewi, talk(shop.desk))
    assert "TV 50" in part
    assert "TV 32 is not packed yet and can still be changed for this better one." in part


def test_a_promotion_lowers_the_price_and_says_until_when(shop: OfferShop, dewi: Browser) -> None:
    shop.terms(hold_out_share=0.0, kinds=["promotion"])
    shop.stock("SOFA", 2)
    part = solve(dewi, talk(shop.desk))
    assert "Rp 4,000,000" in part
    assert "Living room week: 20% off until 12 Mar 2026." in part


def test_without_a_counting_the_desk_still_offers(desk: DeskHouse, dewi: Browser) -> None:
    shop = open_shop(desk)
    shop.stock("SOFA", 2)
    with desk.database.writing() as session:
        for table in (OfferPair, OfferSeller, OfferModel):
            session.execute(delete(table))
        session.commit()
    assert "Sofa" in solve(dewi, talk(desk))


def test_a_call_of_sales_needs_no_key(shop: OfferShop, dewi: Browser) -> None:
    place = shop.desk.reserve(queue="sales")
    shop.desk.step(place, Action.RING, Action.ANSWER)
    assert "Their problem is still open." in shown(dewi)  # they pressed for a bill all the same
    shop.terms(hold_out_share=0.0, free_reasons=["bill"])
    assert "Earrings" in shown(dewi)


def test_only_the_agent_who_has_the_call_may_answer(shop: OfferShop, dewi: Browser) -> None:
    place = talk(shop.desk)
    solve(dewi, place)
    rizky = shop.desk.browser("rizky")
    rizky.get("/desk")
    for path, body in (("/api/offer", {"answer": "accepted"}), ("/api/solved", {"solved": True})):
        assert rizky.post(path, interaction_id=place.interaction_id, **body).status_code == 404
        supervisor = shop.desk.browser("sari")
        supervisor.get("/wallboard")
        assert supervisor.post(path, interaction_id=place.interaction_id, **body).status_code == 403
        without_token = dewi.client.post(path, json={"interaction_id": place.interaction_id, **body})
        assert without_token.status_code == 400
    assert dewi.post("/api/offer", interaction_id=place.interaction_id, answer="held_out").status_code == 400
    assert [offer.state for offer in shop.offers()] == ["shown"]


def test_the_agents_words_are_indonesian_too(shop: OfferShop, dewi: Browser) -> None:
    dewi.client.post("/language", data={"csrf_token": dewi.token, "language": "id", "page": "desk.page"})
    place = talk(shop.desk)
    shown(dewi)
    assert "Membeli Kalung 1 minggu yang lalu; 55% pembelinya mengambil ini sekaligus atau sesudahnya." in solve(dewi, place)


def test_an_offer_stays_the_same_while_the_shop_changes(shop: OfferShop, dewi: Browser) -> None:
    place = talk(shop.desk)
    solve(dewi, place)
    for number in range(30):
        shop.buys(shop.desk.customer_id + 1 + number % 20, "FILTER", days_ago=1)
    shop.desk.clock.advance(timedelta(hours=7).total_seconds())
    shop.fit()
    assert "Earrings" in shown(dewi)


def test_an_offer_on_a_page_of_the_script_is_the_one_beside_the_call_and_kept_once(shop: OfferShop, dewi: Browser) -> None:
    services: Services = shop.desk.app.extensions[EXTENSION]
    made = script(page("first", next="bye", actions=[{"does": "offer"}]), end(), name="mine", queues=["billing"],
                  opens_when={"queue": "billing"}, priority=90)  # fmt: skip
    services.script_publisher.publish([read_script(text_of(made), "mine")], "sari")
    place = talk(shop.desk)
    solve(dewi, place)
    there = dewi.get("/desk").text
    on_page = there[there.index('id="action-first-offer"') :].split("</section>")[0]
    assert 'data-offered="accepted"' in on_page
    for said in ("accepted", "undone", "declined"):
        say(dewi, place, said)
    (done,) = shop.desk.events(EventKind.SCRIPT_ACTION_DONE)
    assert (done.data["script"], done.data["page"], done.data["does"]) == ("mine", "first", "offer")
    assert [one.data["answer"] for one in shop.desk.events(EventKind.OFFER_ANSWERED)] == ["accepted", "undone", "declined"]
    with shop.desk.database.reading() as session:
        (row,) = actions_done(session, place.interaction_id)
    assert (row.does, row.result) == ("offer", "accepted"), "what was said first; what holds is the offer's own"


def test_a_script_names_the_offer_on_the_page_that_makes_it_as_soon_as_it_may_be_made(shop: OfferShop, dewi: Browser) -> None:
    say = {"id": "Kami punya {offer} seharga {offer_price}.", "en": "We have {offer} for {offer_price}."}
    made = page("first", say=say, next="bye", actions=[{"does": "offer"}])
    overdue = {"queues": ["billing"], "opens_when": {"overdue_amount": {"more_than": 0}}, "priority": 50}
    services: Services = shop.desk.app.extensions[EXTENSION]
    services.script_publisher.publish([read_script(text_of(script(made, end(), name="overdue", **overdue)), "overdue")], "sari")
    place = talk(shop.desk)
    assert "Kami punya produk yang cocok untuk Anda seharga harga yang tertera." in dewi.get("/desk").text
    answer = dewi.post("/api/solved", interaction_id=place.interaction_id, solved=True)
    assert "Kami punya Anting seharga Rp 400.000." in answer.json["html"], "in the words of that very answer"
    say_no = dewi.post("/api/offer", interaction_id=place.interaction_id, answer="declined")
    assert "Anting seharga" not in say_no.json["html"]
