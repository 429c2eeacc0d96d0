"""Two records become one while their customer is on the phone: the call in hand is of who stands for them, at once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.events import Event, EventKind
from crm.customers import Consent, ConsentPurpose, Customer
from crm.ticket_category import TicketSubject
from crm.tickets import Ticket, TicketWish, open_wished
from routing.agent_state import Action
from routing.place import Place
from tests.services.desk_house import NOON, Browser, DeskHouse
from tests.services.offer_shop import open_shop


@pytest.fixture
def sari(desk: DeskHouse) -> Browser:
    browser = desk.browser("sari")
    browser.get("/customers")
    return browser


def talk(desk: DeskHouse) -> Place:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    desk.record(place)
    return place


def other_record(desk: DeskHouse, **consents: bool) -> int:
    """Another record of the same person; of consents given yesterday."""
    with desk.database.writing() as session:
        other = Customer(name="Dewi Lestari", external_id="B-1", segment="new", created_at=NOON, updated_at=NOON)
        session.add(other)
        session.flush()
        session.add_all(
            Consent(customer_id=other.id, purpose=ConsentPurpose(purpose), granted=granted, given_at=NOON.replace(month=4))
            for purpose, granted in consents.items()
        )
        session.commit()
        return other.id


def offer_part(html: str) -> str:
    return html.split('id="offer"')[1].split("</section>")[0]


def test_what_the_other_record_refused_is_offered_no_more(desk: DeskHouse, dewi: Browser, sari: Browser) -> None:
    open_shop(desk)
    place = talk(desk)
    dewi.get("/desk")
    dewi.post("/api/solved", interaction_id=place.interaction_id, solved=True)
    assert "Earrings" in offer_part(dewi.get("/desk").text)
    kept = other_record(desk, telemarketing=False)
    merge = sari.post(f"/api/customers/{kept}/merge", away=desk.customer_id).json["merge"]
    assert "They refused offers by phone." in offer_part(dewi.get("/desk").text)
    sari.post(f"/api/merges/{merge}/undo")
    assert "Earrings" in offer_part(dewi.get("/desk").text)


def test_who_talks_with_them_is_told_of_the_merge_and_of_its_undoing(desk: DeskHouse, dewi: Browser, sari: Browser) -> None:
    place = talk(desk)
    kept = other_record(desk)
    merge = sari.post(f"/api/customers/{kept}/merge", away=desk.customer_id).json["merge"]
    sari.post(f"/api/merges/{merge}/undo")
    told = desk.events(EventKind.CUSTOMERS_MERGED)
    assert [(each.agent_id, each.interaction_id, each.data["why"]) for each in told] == [
        ("1001", place.interaction_id, "merged"), ("1001", place.interaction_id, "parted"),
    ]  # fmt: skip


def test_a_ticket_of_the_call_is_opened_for_and_linked_to_who_stands_for_them(
    desk: DeskHouse, dewi: Browser, sari: Browser
) -> None:
    place = talk(desk)
    with desk.database.writing() as session:
        wish = TicketWish(desk.customer_id, TicketSubject.DELIVERY, "A parcel is late", "an-earlier-call")
        services = desk.app.extensions["halo"]
        known = open_wished(session, wish, services.ticket_targets.current(), "Dewi", NOON)[0].number
        session.commit()
    kept = other_record(desk)
    sari.post(f"/api/customers/{kept}/merge", away=desk.customer_id)
    dewi.get("/desk")
    assert "Dewi Lestari" in dewi.get(f"/api/ticket-form/{place.interaction_id}").text
    assert dewi.post(f"/api/tickets/{known}/link", interaction_id=place.interaction_id).status_code == 200
    opened = dewi.post("/api/tickets", interaction_id=place.interaction_id, category="billing", subject="Paid twice", priority="3")
    assert opened.status_code == 200, opened.text
    with desk.database.reading() as session:
        assert session.scalar(select(Ticket.customer_id).where(Ticket.number == opened.json["number"])) == kept


def test_a_recording_that_the_other_record_refused_ends(desk: DeskHouse, dewi: Browser, sari: Browser) -> None:
    place = talk(desk)
    told = Event(EventKind.RECORDING_FOUND, desk.clock.now(), place.interaction_id, "1001")
    assert desk.changes.know_caller(desk.store.agent("1001"), replace(place, may_record=True), told)
    kept = other_record(desk, recording=False)
    sari.post(f"/api/customers/{kept}/merge", away=desk.customer_id)
    assert [event.data["ask"] for event in desk.events(EventKind.CALL_CONTROL_ASKED)] == ["refuse_recording"]


def test_a_call_back_out_of_the_wrap_up_sells_nothing_to_who_refused_it(desk: DeskHouse, dewi: Browser, sari: Browser) -> None:
    open_shop(desk)
    place = talk(desk)
    desk.step(place, Action.HANG_UP)
    kept = other_record(desk, telemarketing=False)
    sari.post(f"/api/customers/{kept}/merge", away=desk.customer_id)
    dewi.get("/desk")
    html = dewi.post("/api/dial/whom", number=place.ani, customer=0).json["html"]
    assert "Dewi Lestari" in html
    assert "dial__purpose--refused" in html
