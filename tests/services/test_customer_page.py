"""A customer on one page: what it shows, how it is changed, refused, undone and merged, who may, and what it costs to show."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from crm.callback_tasks import CallbackTask
from crm.contact_history import Interaction
from crm.customer_changes import CustomerChange
from crm.customer_value import Rates, customer_value
from crm.customers import Customer, CustomerPhone
from crm.deliveries import TrackingCode, track
from crm.orders import Order
from crm.surveys import SurveyAnswer, save_survey
from tests.services.customer_records import add_consent, add_customer, add_paper, interaction
from tests.services.desk_house import HOSTILE_NAME, NOON, Browser, DeskHouse

HOSTILE = '"><script>alert(1)</script>{{ 7 * 7 }}'


@pytest.fixture
def dewi(desk: DeskHouse) -> Browser:
    browser = desk.browser("dewi")
    browser.get("/customers")
    return browser


@pytest.fixture
def sari(desk: DeskHouse) -> Browser:
    browser = desk.browser("sari")
    browser.get("/customers")
    return browser


def customer_of(desk: DeskHouse, name: str = "Putri Ayu", *phones: str, **columns: Any) -> int:
    with desk.database.writing() as session:
        made = add_customer(session, name, *phones, **columns)
        session.commit()
        return made.id


def change(browser: Browser, customer_id: int, *changes: tuple[str, Any, Any]) -> Any:
    return browser.post(f"/api/customers/{customer_id}/changes", changes=changes)


def row_of(desk: DeskHouse, customer_id: int) -> Customer:
    with desk.database.reading() as session:
        found = session.get_one(Customer, customer_id)
        _loaded = found.phones, found.emails, found.consents
        return found


@contextmanager
def queries(desk: DeskHouse) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(desk.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(desk.database.engine, "before_cursor_execute", note)


def test_everything_about_a_customer_stands_on_their_page(desk: DeskHouse, dewi: Browser) -> None:
    customer_id = customer_of(desk, "Putri Ayu", "+628112345678", emails=("putri@example.com",), external_id="1000076")
    with desk.database.writing() as session:
        add_paper(session, "order", customer_id, 11)
        order = session.scalars(select(Order).where(Order.customer_id == customer_id)).one()
        track(session, order.id, TrackingCode.HANDED_OVER, NOON - timedelta(hours=3), "Surabaya")
        add_paper(session, "ticket", customer_id, 12)
        talk = interaction(customer_id, NOON - timedelta(minutes=30), "wants it on Friday")
        session.add(talk)
        add_consent(session, customer_id, "survey", True, days_ago=3)
        save_survey(session, talk.id, customer_id, NOON, score=4, transcript="terima kasih")
        session.flush()
        session.scalars(select(SurveyAnswer).where(SurveyAnswer.customer_id == customer_id)).one().transcript_kind = "keywords"
        session.commit()
    page = dewi.get(f"/customers/{customer_id}").text
    for part in (
        "Putri Ayu", "1000076", "0811-2345-678", "putri@example.com", "00000011", "Surabaya", "T12", "wants it on Friday",
        "Survey: 4 of 5", "Dewi Anggraini", "Offers by phone: not asked", "Survey: allowed (website", "Just now", "Wants a person",
        "Key words only",
    ):  # fmt: skip
        assert part in page, part


def test_the_value_says_where_each_number_is_from(desk: DeskHouse, dewi: Browser) -> None:
    customer_id = customer_of(desk)
    with desk.database.writing() as session:
        for number in (1, 2):
            add_paper(session, "order", customer_id, number)
            add_paper(session, "visit", customer_id, number)
        session.add(Order(number="x", customer_id=customer_id, status="cancelled", placed_at=NOON, total_idr=10**9))
        session.add(interaction(customer_id, NOON - timedelta(days=1)))
        session.commit()
        worth = customer_value(session, customer_id, Rates(1500, 400, 75_000), NOON)
    assert (worth.orders, worth.revenue_idr, worth.contacts, worth.handled_s["TALK"], worth.handled_s["WRAP_UP"]) == (
        2, 2000, 1, 240, 60,
    )  # fmt: skip
    assert (worth.handling_idr, worth.visits_idr, worth.cost_idr, worth.value_idr) == (7500, 150_000, 157_500, -155_500)
    page = dewi.get(f"/customers/{customer_id}").text
    assert "HALO_HANDLING_MINUTE_IDR" in page
    assert "4:00 talk" in page
    assert "Rp -155,500" in page or "Rp −155,500" in page


def test_the_history_is_read_page_by_page_to_its_end_each_once(desk: DeskHouse, dewi: Browser) -> None:
    customer_id = customer_of(desk)
    with desk.database.writing() as session:
        made = [interaction(customer_id, NOON - timedelta(days=number // 3)) for number in range(55)]  # three at each moment
        session.add_all(made)
        session.commit()
    page, seen = dewi.get(f"/customers/{customer_id}").text, []
    while True:
        seen += re.findall(r'id="past-([^"]+)"', page)
        more = re.search(r'data-older="([^"]+)"', page)
        if more is None:
            break
        page = dewi.get(more.group(1).replace("&amp;", "&")).text
    assert len(seen) == len(set(seen)) == 55
    order = sorted(made, key=lambda one: (one.started_at, one.id), reverse=True)
    assert seen == [one.id for one in order]


@pytest.mark.parametrize(
    "after", ["x", "2026-01-01T00:00:00~87e619c6-453e-4862-b9b0-304794ebe0a4", "2026-01-01T00:00:00+00:00~'; DROP", "~"]
)
def test_a_place_in_the_history_that_is_none_is_refused(desk: DeskHouse, dewi: Browser, after: str) -> None:
    assert dewi.get(f"/customers/{desk.customer_id}/history", query_string={"after": after}).status_code == 400


def test_recordings_are_offered_to_those_who_may_hear_them(desk: DeskHouse, dewi: Browser, sari: Browser) -> None:
    customer_id = customer_of(desk)
    with desk.database.writing() as session:
        for queue in ("billing", "technical"):
            call = interaction(customer_id, NOON)
            task = CallbackTask(
                interaction_id=call.id, customer_id=customer_id, number="+62811", queue=queue, created_at=NOON, due_at=NOON,
                recording=f"{queue}.wav",
            )  # fmt: skip
            session.add_all([call, task])
        session.commit()
    assert sari.get(f"/customers/{customer_id}").text.count("<audio") == 2
    assert dewi.get(f"/customers/{customer_id}").text.count("<audio") == 1, "she has no skill for the other queue"


def test_a_change_is_kept_told_and_undone(desk: DeskHouse, dewi: Browser) -> None:
    customer_id = customer_of(desk, "Putri Ayu", "+628112345678")
    seen = [["+628112345678", "mobile"]]
    answer = change(
        dewi, customer_id, ("name", "Putri Ayu", " Putri  Ayu Lestari"), ("phones", seen, ["0811-2345-678", "", "022 4201234"]),
        ("emails", [], ["Putri@Example.com"]), ("consent.survey", None, False), ("language", "", "en"),
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    person = row_of(desk, customer_id)
    assert (person.name, person.language) == ("Putri Ayu Lestari", "en")
    assert [(phone.e164, phone.kind) for phone in person.phones] == [("+628112345678", "mobile"), ("+62224201234", "home")]
    assert [email.address for email in person.emails] == ["putri@example.com"]
    assert [(one.purpose, one.granted, one.source, one.given_at) for one in person.consents] == [("survey", False, "agent", NOON)]
    assert "Dewi (dewi)" in answer.json["html"]
    assert dewi.get("/customers/found?q=lestari").text.count('class="customer-hit"') == 1
    undone = dewi.post(f"/api/customers/{customer_id}/undo", change=answer.json["change"])
    assert undone.status_code == 200
    back = row_of(desk, customer_id)
    assert (back.name, back.language, len(back.phones), back.emails, back.consents) == ("Putri Ayu", None, 1, [], [])
    assert dewi.post(f"/api/customers/{customer_id}/undo", change=answer.json["change"]).status_code == 409
    with desk.database.reading() as session:
        kinds = list(session.scalars(select(CustomerChange.kind).order_by(CustomerChange.id)))
    assert kinds == ["edit", "undo"]


def test_nobody_writes_over_what_they_have_not_seen(desk: DeskHouse, dewi: Browser) -> None:
    customer_id = customer_of(desk)
    rizky = desk.browser("rizky")
    rizky.get("/customers")
    assert change(rizky, customer_id, ("name", "Putri Ayu", "Putri Dewi"), ("city", "", "Bogor")).status_code == 200
    answer = change(dewi, customer_id, ("name", "Putri Ayu", "Putri Sari"), ("address", "", "Jl. Braga 1"))
    assert answer.status_code == 409
    assert answer.json["now"] == [
        {"field": "name", "name": "Name", "value": "Putri Dewi", "words": "Putri Dewi", "by": "Rizky (rizky)"}
    ]
    assert row_of(desk, customer_id).address == "", "all or nothing"
    assert change(dewi, customer_id, ("address", "", "Jl. Braga 1")).status_code == 200, "another field is nobody's conflict"
    assert change(dewi, customer_id, ("name", "Putri Dewi", "Putri Sari")).status_code == 200, "having seen it, it may be written"


@pytest.mark.parametrize(
    ("field", "seen", "typed", "words"),
    [
        ("name", "Putri Ayu", "  ", "at least one letter"),
        ("name", "Putri Ayu", "?!", "at least one letter"),
        ("name", "Putri Ayu", "a" * 161, "at most 160"),
        ("city", "", "x\u0007", "Type it again"),
        ("phones", [], ["0811", "x"], "0811"),
        ("emails", [], ["putri@example"], "putri@example"),
        ("emails", [], [f"p{n}@example.com" for n in range(11)], "At most 10"),
        ("language", "", "fr", "Choose one"),
        ("postcode", "", "4/7", "digits and letters"),
        ("consent.survey", None, "yes", "Choose one"),
    ],
)
def test_what_can_t_be_so_is_said_at_its_field(
    desk: DeskHouse, dewi: Browser, field: str, seen: Any, typed: Any, words: str
) -> None:
    customer_id = customer_of(desk)
    answer = change(dewi, customer_id, (field, seen, typed), ("province", "", "Jawa Barat"))
    assert answer.status_code == 400
    (fault,) = answer.json["faults"]
    assert fault["field"] == field
    assert words in fault["words"]
    assert row_of(desk, customer_id).province == ""


@pytest.mark.parametrize(
    "changes", [None, [], "x", [["name"]], [["id", 1, 2]], [["name", "", "a"], ["name", "", "b"]], [["name", "", 7.5]]]
)
def test_what_is_no_change_is_refused(desk: DeskHouse, dewi: Browser, changes: Any) -> None:
    assert dewi.post(f"/api/customers/{desk.customer_id}/changes", changes=changes).status_code == 400


def test_html_in_any_field_is_harmless(desk: DeskHouse, dewi: Browser, sari: Browser) -> None:
    customer_id = customer_of(desk, "Putri Ayu", external_id=HOSTILE)
    typed = [("name", "Putri Ayu", HOSTILE), *((name, "", HOSTILE) for name in ("address", "city", "province"))]
    assert change(dewi, customer_id, *typed, ("honorific", "", "<b>Ibu</b>")).status_code == 200
    with desk.database.writing() as session:
        talk = interaction(customer_id, NOON, HOSTILE)
        talk.reason = HOSTILE
        session.add(talk)
        other = add_customer(session, HOSTILE, "+628112340000", emails=('"<i>"@example.com',))
        session.add(CustomerPhone(customer_id=customer_id, e164="+628112340000"))
        session.commit()
    pages = [
        dewi.get(f"/customers/{customer_id}").text, dewi.get("/customers?q=script").text, sari.get("/customers/duplicates").text,
        sari.get(f"/customers/{other.id}").text, dewi.get("/customers", query_string={"q": HOSTILE}).text,
    ]  # fmt: skip
    for page in pages:
        assert "<script>alert" not in page
        assert "<i>" not in page
        assert "<b>Ibu" not in page
        assert "49" not in re.sub(r"\d{3,}", "", page.split("alert(1)")[-1])[:40]
    block = re.search(r"data-seen>(.*?)</script>", pages[0], re.S)
    assert block
    assert json.loads(block.group(1))["name"] == HOSTILE


def test_agents_change_everything_but_the_segment_and_merge_nobody(desk: DeskHouse, dewi: Browser, sari: Browser) -> None:
    first, second = customer_of(desk, "Putri Ayu", "+628111"), customer_of(desk, "Putri Ayu", "+628111")
    assert change(dewi, first, ("segment", "regular", "vip")).status_code == 403
    assert dewi.post(f"/api/customers/{first}/merge", away=second).status_code == 403
    assert dewi.post("/api/merges/1/undo").status_code == 403
    assert dewi.get("/customers/duplicates").status_code == 403
    assert 'data-group="segment"' not in dewi.get(f"/customers/{first}").text
    answer = change(sari, first, ("segment", "regular", "vip"))
    assert answer.status_code == 200
    assert dewi.post(f"/api/customers/{first}/undo", change=answer.json["change"]).status_code == 403
    assert row_of(desk, first).segment == "vip"


@pytest.mark.parametrize(
    "path",
    ["/customers", "/customers/1", "/customers/found?q=a", "/customers/1/history", "/customers/duplicates", "/api/customers?q=a"],
)
def test_planners_and_strangers_see_no_customers(desk: DeskHouse, path: str) -> None:
    assert desk.browser("plan").get(path).status_code == 403
    assert desk.browser().get(path).status_code in (302, 401)


@pytest.mark.parametrize(
    "path", ["/api/customers/1/changes", "/api/customers/1/undo", "/api/customers/1/merge", "/api/merges/1/undo"]
)
def test_nothing_is_changed_without_the_pages_token(desk: DeskHouse, sari: Browser, path: str) -> None:
    assert sari.client.post(path, json={"changes": [["name", "", "x"]], "change": 1, "away": 2}).status_code == 400
    assert row_of(desk, desk.customer_id).name == HOSTILE_NAME


def test_two_who_are_one_are_suggested_merged_and_parted(desk: DeskHouse, dewi: Browser, sari: Browser) -> None:
    number = "+628112340001"
    first = customer_of(desk, "Achmad Fauzi", number, external_id="A-1")
    second = customer_of(desk, "Ahmad Fauzy", number, external_id="A-2")
    customer_of(desk, "Wulan Dari", number)  # of the same household
    assert f"/customers/{second}" in dewi.get(f"/customers/{first}").text
    assert "data-merge" not in dewi.get(f"/customers/{first}").text
    page = sari.get("/customers/duplicates").text
    assert f'data-merge="{second}" data-into="{first}"' in page
    assert "Wulan" not in page
    answer = sari.post(f"/api/customers/{first}/merge", away=second)
    assert answer.status_code == 200, answer.text
    assert sari.post(f"/api/customers/{first}/merge", away=second).status_code == 409
    assert dewi.get(f"/customers/{second}").location == f"/customers/{first}"
    assert "also A-2" in dewi.get(f"/customers/{first}").text
    assert "Achmad Fauzi" in sari.get("/customers/duplicates").text
    assert sari.post(f"/api/merges/{answer.json['merge']}/undo").status_code == 200
    assert sari.post(f"/api/merges/{answer.json['merge']}/undo").status_code == 409
    assert dewi.get(f"/customers/{second}").status_code == 200


def test_families_who_share_numbers_do_not_hide_who_is_on_record_twice(desk: DeskHouse, sari: Browser) -> None:
    for house in range(30):
        for name in ("Budi Santoso", "Wulan Dari"):
            customer_of(desk, name, f"+6281123400{house:02d}")
    first = customer_of(desk, "Achmad Fauzi", "+628999999999")
    second = customer_of(desk, "Ahmad Fauzy", "+628999999999")
    page = sari.get("/customers/duplicates").text
    assert f'data-merge="{second}" data-into="{first}"' in page
    assert "Nobody among" not in page


def test_a_call_in_hand_for_the_one_who_went_away_shows_the_one_who_stands(desk: DeskHouse, sari: Browser) -> None:
    kept = customer_of(desk, "Putri Ayu", external_id="P-1")
    desk.reserve()
    assert sari.post(f"/api/customers/{kept}/merge", away=desk.customer_id).status_code == 200
    page = desk.browser("dewi").get("/desk").text
    assert "Putri Ayu" in page
    assert "INV-7" in page
    assert f'href="/customers/{kept}"' in page


def test_the_pop_costs_no_more_queries_and_the_page_a_bounded_number(desk: DeskHouse, dewi: Browser) -> None:
    customer_id = customer_of(desk)
    counts = []
    for number in (1, 40):
        with desk.database.writing() as session:
            for paper in range(number):
                add_paper(session, "order", customer_id, 1000 * number + paper)
                add_paper(session, "interaction", customer_id, paper)
            session.commit()
        with queries(desk) as asked:
            assert dewi.get(f"/customers/{customer_id}").status_code == 200
        counts.append(len([statement for statement in asked if statement.startswith("SELECT")]))
        with queries(desk) as pop:
            assert dewi.get(f"/api/customers/{customer_id}").status_code == 200
        assert len([statement for statement in pop if statement.startswith("SELECT")]) <= 13 + 3  # the card, and who asks
    assert counts[0] == counts[1] <= 60
    with desk.database.reading() as session:
        assert session.scalars(select(Interaction.id)).first()


def test_who_is_nobody_is_not_found(desk: DeskHouse, dewi: Browser) -> None:
    assert dewi.get("/customers/4711").status_code == 404
    assert dewi.get("/customers/4711/history").status_code == 404
    assert change(dewi, 4711, ("name", "", "x")).status_code == 404
    assert dewi.post("/api/customers/4711/undo", change=1).status_code == 404


def test_the_page_speaks_both_languages(desk: DeskHouse, dewi: Browser) -> None:
    dewi.client.post("/language", data={"csrf_token": dewi.token, "language": "id", "page": "customer_page.find"})
    assert "Pelanggan" in dewi.get(f"/customers/{desk.customer_id}").text
    answer = change(dewi, desk.customer_id, ("emails", [], ["x"]))
    assert "bukan alamat e-mail" in answer.json["faults"][0]["words"]
