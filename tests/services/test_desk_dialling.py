"""Calling by hand from the pages: whom a number reaches, what is refused and why, how often; and who may not at all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent_desktop.dial_limits import DialLimits
from agent_desktop.services import EXTENSION
from core.database import Database
from core.events import EventKind
from crm.customers import Consent, ConsentPurpose, Customer, CustomerPhone
from crm.follow_ups import follow_ups_of
from routing.agent_state import Action
from routing.place import Place
from tests.services.desk_house import NOON, Browser, DeskHouse, build_desk

THEIRS, STRANGERS = "+628112345678", "+628119990001"
IN_PAPUA = "+628119990002"


@pytest.fixture
def desk(database: Database, redis_url: str, tmp_path: Path) -> Iterator[DeskHouse]:
    house = build_desk(database, redis_url, tmp_path)
    settle(house, outbound_trunk="carrier")
    yield house
    house.close()


def settle(house: DeskHouse, **changed: Any) -> None:
    here = house.app.extensions[EXTENSION]
    settings = here.settings.model_copy(update=changed)
    house.app.extensions[EXTENSION] = replace(here, settings=settings, dial_limits=DialLimits(house.store.redis, settings))


def consent(desk: DeskHouse, granted: bool) -> None:
    with desk.database.writing() as session:
        customer = session.get_one(Customer, desk.customer_id)
        customer.consents.append(Consent(purpose=ConsentPurpose.TELEMARKETING, granted=granted, source="test", given_at=NOON))
        session.commit()


def dial(browser: Browser, number: str = THEIRS, purpose: str = "service", customer: int = 0, queue: str = "billing") -> Any:
    return browser.post("/api/dial", number=number, purpose=purpose, queue=queue, customer=customer)


def orders(desk: DeskHouse) -> list[dict[str, Any]]:
    return [event.data for event in desk.events(EventKind.CALL_CONTROL_ASKED)]


def refused(desk: DeskHouse) -> list[tuple[str, str]]:
    return [(event.data["how"], event.data["why"]) for event in desk.events(EventKind.DIAL_REFUSED)]


def code(answer: Any) -> str:
    return str(answer.json["error"]["code"])


def test_an_order_names_the_number_whoever_has_it_and_what_for(desk: DeskHouse, dewi: Browser) -> None:
    assert dial(dewi, "0811-2345-678").status_code == 200
    [order] = orders(desk)
    assert order == {
        "ask": "dial",
        "number": THEIRS,
        "purpose": "service",
        "queue": "billing",
        "customer_id": desk.customer_id,
        "language": "id",
    }


def test_the_dialog_says_who_it_is_what_time_is_there_and_what_they_may_be_called_for(desk: DeskHouse, dewi: Browser) -> None:
    html = dewi.post("/api/dial/form", number="", customer=desk.customer_id).json["html"]  # type: ignore[index]
    assert "12:00 WIB" in html
    assert "Ibu" in html
    assert "until 21:00 WIB there" in html
    assert "never asked whether we may sell" in html
    assert "no phone number" in dewi.post("/api/dial/whom", number="12", customer=0).json["html"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("granted", "why"), [(None, "dial_consent_never_asked"), (False, "dial_consent_refused"), (True, "")],
)  # fmt: skip
def test_a_sales_call_needs_their_consent(desk: DeskHouse, dewi: Browser, granted: bool | None, why: str) -> None:
    if granted is not None:
        consent(desk, granted)
    answer = dial(dewi, purpose="sales")
    assert answer.status_code == (409 if why else 200)
    if why:
        assert (code(answer), refused(desk), orders(desk)) == (why, [("dial", why)], [])


def test_the_consent_of_one_customer_sells_to_no_other_number(desk: DeskHouse, dewi: Browser) -> None:
    consent(desk, True)
    answer = dial(dewi, STRANGERS, "sales", customer=desk.customer_id)
    assert code(answer) == "dial_unknown_customer"
    assert dial(dewi, STRANGERS, "service").status_code == 200


def test_a_number_of_several_is_said_to_be_theirs_and_sold_to_from_the_one_who_is_meant(desk: DeskHouse, dewi: Browser) -> None:
    consent(desk, True)
    with desk.database.writing() as session:
        other = Customer(name="Budi Santoso", segment="new", created_at=desk.clock.now(), updated_at=desk.clock.now())
        other.phones.append(CustomerPhone(e164=THEIRS))
        session.add(other)
        session.commit()
    html = dewi.post("/api/dial/whom", number=THEIRS, customer=0).json["html"]  # type: ignore[index]
    assert "Several customers have this number." in html
    assert code(dial(dewi, THEIRS, "sales")) == "dial_shared_number"
    assert dial(dewi, THEIRS, "sales", desk.customer_id).status_code == 200


@pytest.mark.parametrize(
    ("number", "why"),
    [("12", "number_unknown"), ("+12025550123", "number_abroad"), ("0809 1234567", "number_premium")],
)  # fmt: skip
def test_a_number_that_may_not_be_called_is_refused_and_told_without_it(
    desk: DeskHouse, dewi: Browser, number: str, why: str
) -> None:
    answer = dial(dewi, number)
    assert answer.status_code == 400
    assert code(answer) in (why, "number_unknown")
    assert orders(desk) == []
    [event] = desk.events(EventKind.DIAL_REFUSED)
    assert set(event.data) == {"how", "purpose", "why"}


def test_at_night_there_it_says_until_when_and_reminds_then(desk: DeskHouse, dewi: Browser) -> None:
    with desk.database.writing() as session:
        papuan = Customer(name="Yosepha", honorific="Ibu", city="Jayapura", province="Papua", created_at=NOON, updated_at=NOON)
        papuan.phones = [CustomerPhone(e164=IN_PAPUA)]
        session.add(papuan)
        session.commit()
        papuan_id = papuan.id
    desk.clock.advance(timedelta(hours=7, minutes=10).total_seconds())  # 19:10 WIB, 21:10 WIT
    dewi.get("/desk")
    assert dial(dewi).status_code == 200
    answer = dial(dewi, IN_PAPUA)
    assert code(answer) == "dial_hours"
    error = answer.json["error"]
    assert "21:10 WIT" in error["message"]
    assert "Mon–Sun 8:00–21:00" in error["message"]
    assert "03.03. 06:00" in error["next_step"], "eight in the morning there"
    said = dewi.post("/api/dial/remind", number=IN_PAPUA, purpose="service", customer=0)
    assert said.status_code == 200
    with desk.database.reading() as session:
        [follow_up] = follow_ups_of(session, "1001")
        assert (follow_up.due_at.hour, follow_up.customer_id) == (23, papuan_id)
    assert dewi.post("/api/dial/remind", number=THEIRS, purpose="service", customer=0).status_code == 400


def test_in_a_call_or_without_a_line_nobody_is_called_but_from_a_wrap_up(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    assert code(dial(dewi)) == "dial_busy"
    assert orders(desk) == []
    desk.step(place, Action.HANG_UP)
    html = dewi.post("/api/dial/form", number=THEIRS, customer=0).json["html"]  # type: ignore[index]
    assert "Your wrap-up ends when you call." in html
    assert dial(dewi).status_code == 200
    settle(desk, outbound_trunk="")
    assert code(dial(dewi)) == "no_line_out"
    assert "data-may-dial" not in dewi.get("/desk").text
    assert len(orders(desk)) == 1


def test_nobody_is_sold_to_on_a_public_holiday_of_their_country(desk: DeskHouse, dewi: Browser) -> None:
    consent(desk, True)
    desk.clock.advance((datetime(2026, 3, 19, 5, tzinfo=UTC) - NOON).total_seconds())  # Nyepi, a Thursday
    answer = dial(dewi, purpose="sales")
    assert code(answer) == "dial_hours"
    assert "public holiday where they are: Day of Silence." in answer.json["error"]["message"]
    assert "20.03. 09:00" in answer.json["error"]["next_step"]
    assert dial(dewi, purpose="service").status_code == 200
    settle(desk, outbound_trunk="carrier", dial_not_on_holidays="")
    assert dial(dewi, purpose="sales").status_code == 200


def test_so_many_in_an_hour_and_in_a_day_and_supervisors_see_it(desk: DeskHouse, dewi: Browser) -> None:
    settle(desk, outbound_trunk="carrier", dials_per_hour=2, dials_per_day=3, dial_service_hours="mon-sun 00:00-24:00")
    assert [dial(dewi).status_code for _ in range(3)] == [200, 200, 429]
    answer = dial(dewi)
    assert "13:00" in answer.json["error"]["next_step"]
    desk.clock.advance(3601)
    dewi.get("/desk")
    assert [dial(dewi).status_code for _ in range(2)] == [200, 429], "the third of the day"
    desk.clock.advance(24 * 3600)
    dewi = desk.browser("dewi")
    dewi.get("/desk")
    assert dial(dewi).status_code == 200
    assert ("dial", "dial_limit") in refused(desk)


def test_hand_overs_to_numbers_outside_are_bounded_too(desk: DeskHouse, dewi: Browser) -> None:
    settle(desk, outbound_trunk="carrier", outside_per_hour=1)
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    fields = {"interaction_id": place.interaction_id, "how": "outside", "to": STRANGERS}
    assert dewi.post("/api/consult", **fields).status_code == 200
    answer = dewi.post("/api/hand-over", **fields)
    assert (answer.status_code, code(answer)) == (429, "dial_limit")
    assert refused(desk) == [("hand_over", "dial_limit")]
    assert dewi.post("/api/hand-over", **fields | {"how": "queue", "to": "technical"}).status_code == 200, "within Halo as ever"


def test_only_agents_call_and_numbers_are_text_for_everybody_else(desk: DeskHouse) -> None:
    sari = desk.browser("sari")
    sari.get("/wallboard")
    assert dial(sari).status_code == 403
    assert "data-dial=" not in sari.get(f"/customers/{desk.customer_id}").text
    dewi = desk.browser("dewi")
    dewi.get("/desk")
    assert f'data-dial="{THEIRS}"' in dewi.get(f"/customers/{desk.customer_id}").text
    assert f'data-dial-customer="{desk.customer_id}"' in dewi.get("/customers/found?q=0811").text


def test_while_their_phone_rings_the_page_says_whom_and_when_nobody_answers_why(desk: DeskHouse, dewi: Browser) -> None:
    desk.changes.phone_changed("1001", True)
    place = Place(
        "00000000-0000-4000-8000-000000000001",
        "billing",
        desk.clock.now(),
        "",
        customer_id=desk.customer_id,
        ani=THEIRS,
        dialled="service",
    )
    desk.changes.dial("1001", place, desk.clock.now() + timedelta(seconds=8))
    html = dewi.get("/desk").text
    assert "You call" in html
    assert "Your phone answers by itself" in html
    desk.step(place, Action.RING, Action.ANSWER)
    assert "Their phone rings" in dewi.get("/desk").text
    agent = desk.store.agent("1001")
    desk.changes.apply_reserved(
        "1001", Action.HANG_UP, agent.token, interaction_id=place.interaction_id, restored=replace(place, missed="busy")
    )
    assert "The number is busy." in dewi.get("/desk").text


def test_who_is_called_back_out_of_a_wrap_up_is_called_for_the_team_of_that_call(desk: DeskHouse, dewi: Browser) -> None:
    place = desk.reserve(queue="billing")
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP)
    html = dewi.post("/api/dial/form", number=THEIRS, customer=0).json["html"]  # type: ignore[index]
    assert html.split('name="queue"')[1].split("value=")[1].startswith('"billing"')


def test_whom_the_agent_has_named_is_called_back_as_that_customer_though_the_number_is_not_theirs(
    desk: DeskHouse, dewi: Browser
) -> None:
    consent(desk, granted=True)
    place = desk.reserve(queue="billing", number=STRANGERS)
    desk.step(place, Action.RING, Action.ANSWER, Action.HANG_UP)
    html = dewi.post("/api/dial/form", number=STRANGERS, customer=0).json["html"]  # type: ignore[index]
    assert "<b>Ibu " in html
    assert code(dial(dewi, STRANGERS, "sales", desk.customer_id)) == "dial_unknown_customer", "consent is for their own numbers"
    assert dial(dewi, STRANGERS).status_code == 200
    assert orders(desk)[-1]["customer_id"] == desk.customer_id
    assert dial(dewi, "+628119990009").status_code == 200
    assert orders(desk)[-1]["customer_id"] is None, "another number is nobody's"
