"""Tickets at the desk: opened from the call, changed on their page by several people at once, found in lists."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.database import Database
from core.events import EventKind
from crm.customers import Customer
from crm.ticket_category import TicketSubject
from crm.ticket_changes import TicketEdit, TicketMoved, TicketPen, TicketTwin
from crm.ticket_history import changes_of, interactions_of, notes_of
from crm.ticket_list import TicketQuery, TicketView, find_tickets
from crm.ticket_targets import shipped_targets
from crm.tickets import Ticket, TicketWish, open_wished
from routing.agent_state import Action
from routing.place import Place
from tests.services.desk_house import NOON, Browser, DeskHouse

HOSTILE = "<img src=x onerror=alert(1)> \"'&</textarea><script>alert(2)</script>"


def talking(desk: DeskHouse) -> Place:
    place = desk.reserve()
    desk.step(place, Action.RING, Action.ANSWER)
    return place


def wished(desk: DeskHouse, **of: object) -> str:
    """A ticket that is there already; its number."""
    wish = {"subject": "Paket penyok", "category": TicketSubject.DELIVERY, "interaction_id": None, **of}
    with desk.database.writing() as session:
        ticket, _new = open_wished(session, TicketWish(desk.customer_id, **wish), shipped_targets(), "Test", desk.clock.now())  # type: ignore[arg-type]
        session.commit()
        return ticket.number


def stored(desk: DeskHouse, number: str) -> Ticket:
    with desk.database.reading() as session:
        return session.scalars(select(Ticket).where(Ticket.number == number)).one()


def press(browser: Browser, path: str, **fields: str) -> object:
    return browser.client.post(path, data={"csrf_token": browser.token, **fields})


def test_a_ticket_is_opened_from_the_call_with_what_is_known(desk: DeskHouse) -> None:
    dewi, place = desk.browser("dewi"), talking(desk)
    dewi.get("/desk")
    form = dewi.client.get(f"/api/ticket-form/{place.interaction_id}").text
    assert '<option value="billing" selected>' in form
    assert "Bill · INV-7" in form
    assert "<script>" not in form
    body = {"interaction_id": place.interaction_id, "subject": HOSTILE, "category": "billing", "priority": "2", "note": HOSTILE}
    answer = dewi.post("/api/tickets", **body, team="", keep=True)
    assert answer.status_code == 200, answer.text
    number = answer.json["number"]
    ticket = stored(desk, number)
    assert (ticket.owner, ticket.status, ticket.interaction_id, ticket.priority) == ("1001", "open", place.interaction_id, 2)
    assert ticket.due_at == NOON + timedelta(hours=48)
    assert number in answer.json["html"]
    again = dewi.post("/api/tickets", **body, team="", keep=True)
    assert (again.json["number"], again.json["is_new"]) == (number, False)
    (opened,) = desk.events(EventKind.TICKET_OPENED)
    assert (opened.interaction_id, opened.agent_id, opened.data["number"]) == (place.interaction_id, "1001", number)
    page = dewi.get(f"/tickets/{number}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(2)" in page
    with desk.database.reading() as session:
        assert [link.interaction_id for link, _record in interactions_of(session, ticket.id)] == [place.interaction_id]
        assert [note.by for note in notes_of(session, ticket.id)] == ["Dewi (dewi)"] * 2


def test_a_stranger_has_no_ticket_and_another_agents_call_is_not_in_hand(desk: DeskHouse) -> None:
    place = desk.reserve(customer=False)
    dewi, rizky = desk.browser("dewi"), desk.browser("rizky")
    dewi.get("/desk")
    assert dewi.client.get(f"/api/ticket-form/{place.interaction_id}").json["error"]["code"] == "no_customer"
    rizky.get("/desk")
    assert rizky.client.get(f"/api/ticket-form/{place.interaction_id}").status_code == 404


def test_a_ticket_goes_its_way_and_all_of_it_is_on_record(desk: DeskHouse) -> None:
    number = wished(desk)
    dewi = desk.browser("dewi")
    dewi.get(f"/tickets/{number}")
    assert press(dewi, f"/tickets/{number}/take", version="1").status_code == 302
    desk.clock.advance(3600)
    press(dewi, f"/tickets/{number}/wait", version="2", note="Menunggu foto")
    desk.clock.advance(7200)
    press(dewi, f"/tickets/{number}/resume", version="3")
    assert stored(desk, number).due_at == NOON + timedelta(hours=50), "the clock stood for two hours"
    press(dewi, f"/tickets/{number}/edit", version="4", subject="Paket penyok dan basah", category="product", priority="1")
    assert stored(desk, number).due_at == NOON + timedelta(hours=10), "8 hours, and the two that it stood"
    press(dewi, f"/tickets/{number}/hand-over", version="5", to="team:technical")
    press(dewi, f"/tickets/{number}/solve", version="6")
    assert stored(desk, number).solved_at == desk.clock.now()
    press(dewi, f"/tickets/{number}/reopen", version="7")
    ticket = stored(desk, number)
    assert (ticket.status, ticket.owner, ticket.team, ticket.version) == ("open", "", "technical", 8)
    assert ticket.due_at == desk.clock.now() + timedelta(hours=8)
    with desk.database.reading() as session:
        told = [(each.what, each.before, each.after) for each in reversed(changes_of(session, ticket.id))]
    assert told[:3] == [("opened", "", number), ("owner", "", "1001"), ("status", "open", "pending")]
    assert ("team", "", "technical") in told
    acts = [event.data["act"] for event in desk.events(EventKind.TICKET_CHANGED)]
    assert acts == ["take", "wait", "resume", "edit", "hand_over", "solve", "reopen"]
    page = dewi.get(f"/tickets/{number}").text
    assert "Menunggu foto" in page
    assert "Technical" in page


def test_whoever_comes_second_overwrites_nothing_and_keeps_what_they_typed(desk: DeskHouse) -> None:
    number = wished(desk)
    dewi, rizky = desk.browser("dewi"), desk.browser("rizky")
    for browser in (dewi, rizky):
        browser.get(f"/tickets/{number}")
    press(dewi, f"/tickets/{number}/take", version="1")
    late = press(rizky, f"/tickets/{number}/solve", version="1", note="sudah <b>beres</b>")
    assert late.status_code == 409
    assert "sudah &lt;b&gt;beres&lt;/b&gt;" in late.text
    assert 'name="version" value="2"' in late.text
    ticket = stored(desk, number)
    assert (ticket.status, ticket.owner) == ("open", "1001")
    assert press(rizky, f"/tickets/{number}/note", note="menambah saja").status_code == 302, "a note overwrites nothing"
    with desk.database.reading() as session:
        assert [note.text for note in notes_of(session, ticket.id)] == ["menambah saja"]


def test_two_units_of_work_at_once_one_wins(desk: DeskHouse, database: Database) -> None:
    number = wished(desk)
    with database.writing() as session:
        TicketPen(session, shipped_targets(), "one", NOON).take(number, 1, "1001")
        session.commit()
    with database.writing() as session, pytest.raises(TicketMoved):
        TicketPen(session, shipped_targets(), "two", NOON).take(number, 1, "1002")


def test_a_category_that_the_same_call_has_already_is_refused(desk: DeskHouse, database: Database) -> None:
    call = "5f0e8a1c-0000-4000-8000-000000000001"
    wished(desk, category=TicketSubject.DELIVERY, interaction_id=call)
    other = wished(desk, category=TicketSubject.PRODUCT, interaction_id=call)
    edit = TicketEdit("x", TicketSubject.DELIVERY, 2)
    with database.writing() as session, pytest.raises(TicketTwin):
        TicketPen(session, shipped_targets(), "one", NOON).edit(other, 1, edit)


def test_an_act_that_the_status_does_not_allow_is_refused_in_words(desk: DeskHouse) -> None:
    number = wished(desk)
    dewi = desk.browser("dewi")
    dewi.get(f"/tickets/{number}")
    answer = press(dewi, f"/tickets/{number}/reopen", version="1")
    assert answer.status_code == 409
    assert "not possible with a ticket in this status" in answer.text


def test_lists_show_whose_and_what_is_late_in_words(desk: DeskHouse) -> None:
    mine, free = wished(desk, owner="1001"), wished(desk, subject="Tagihan ganda", category=TicketSubject.BILLING)
    dewi = desk.browser("dewi")
    assert mine in dewi.get("/tickets").text
    assert free not in dewi.page
    assert free in dewi.get("/tickets?view=unowned").text
    assert "in time" in dewi.get("/tickets?view=overdue").text
    desk.clock.advance(50 * 3600)
    overdue = desk.browser("dewi")
    assert mine in overdue.get("/tickets?view=overdue").text
    assert "Overdue</b>" in overdue.page
    assert free not in overdue.page
    assert free in overdue.get("/tickets?view=all&q=GANDA").text
    assert mine not in overdue.page
    assert mine in overdue.get("/tickets?view=all&category=delivery&status=open&priority=2").text
    assert "No ticket here" in overdue.get("/tickets?view=all&q=%25").text
    assert overdue.get("/tickets?view=all&after=nonsense").status_code == 400


def test_pages_of_a_list_have_each_ticket_once_in_order(desk: DeskHouse, database: Database) -> None:
    with database.writing() as session:
        customer = session.get_one(Customer, desk.customer_id)
        for number in range(30):
            due_at = NOON + timedelta(hours=number // 3) if number % 5 else None
            session.add(
                Ticket(number=f"X{number}", customer=customer, subject="s", category="other", opened_at=NOON, due_at=due_at)
            )  # fmt: skip
        session.commit()
    for view in (TicketView.UNOWNED, TicketView.ALL):
        seen: list[Ticket] = []
        after, pages = "", 0
        while pages == 0 or after:
            with database.reading() as session:
                page = find_tickets(session, TicketQuery(view, after=after), NOON, most=7)
            seen += page.tickets
            after, pages = page.next, pages + 1
        assert (len(seen), len({each.id for each in seen}), pages) == (30, 30, 5)
        if view is TicketView.UNOWNED:
            dues = [each.due_at for each in seen]
            assert dues == sorted(dues, key=lambda at: (at is None, at or NOON))
        else:
            assert [each.id for each in seen] == sorted((each.id for each in seen), reverse=True)


def test_planners_see_no_tickets_supervisors_take_none_and_nothing_goes_without_csrf(desk: DeskHouse) -> None:
    number = wished(desk)
    plan = desk.browser("plan")
    for path in ("/tickets", f"/tickets/{number}"):
        assert plan.get(path).status_code == 403
    sari = desk.browser("sari")
    assert sari.get(f"/tickets/{number}").status_code == 200
    assert "Take it" not in sari.page
    assert press(sari, f"/tickets/{number}/take", version="1").status_code == 403
    assert press(sari, f"/tickets/{number}/hand-over", version="1", to="agent:1002").status_code == 302
    assert stored(desk, number).owner == "1002"
    assert sari.client.post(f"/tickets/{number}/solve", data={"version": "2"}).status_code == 400
    assert press(sari, f"/tickets/{number}/hand-over", version="2", to="agent:9999").status_code == 400
    assert sari.client.get("/tickets/T999999").status_code == 404


def test_a_file_of_ones_own_says_by_when_and_a_broken_one_changes_nothing(desk: DeskHouse) -> None:
    own = desk.app.extensions["halo"].settings.home / "config" / "tickets.yaml"
    own.parent.mkdir(exist_ok=True)
    own.write_text("hours: {urgent: 1, high: 2, normal: 3, low: 4}\n", encoding="utf-8")
    targets = desk.app.extensions["halo"].ticket_targets
    assert targets.current().due("billing", 3, NOON) == NOON + timedelta(hours=3)
    own.write_text("hours: {urgent: never}\n", encoding="utf-8")
    assert targets.current().due("billing", 3, NOON) == NOON + timedelta(hours=3)
    own.unlink()
    assert targets.current().due("billing", 3, NOON) == NOON + timedelta(hours=72)


# ── follow-ups ──


def test_what_was_promised_in_a_call_is_on_the_list_and_reminded_of_once(desk: DeskHouse) -> None:
    from launch.due_follow_ups import remind

    dewi, place = desk.browser("dewi"), talking(desk)
    dewi.get("/desk")
    form = dewi.client.get(f"/api/follow-up-form/{place.interaction_id}").text
    assert 'value="2026-03-03T09:00"' in form
    answer = dewi.post("/api/follow-ups", interaction_id=place.interaction_id, text=HOSTILE, at="2026-03-03T10:00")
    assert answer.status_code == 200, answer.text
    page = dewi.get("/follow-ups").text
    assert "<script>alert" not in page
    assert "&lt;img src=x" in page
    assert remind(desk.database, desk.clock.now(), desk.bus.publish) == 0
    due = NOON + timedelta(hours=22)
    assert remind(desk.database, due, desk.bus.publish) == 1
    assert remind(desk.database, due, desk.bus.publish) == 0, "told once"
    assert [event.data["change"] for event in desk.events(EventKind.FOLLOW_UP_CHANGED)] == ["added", "due"]


def test_a_follow_up_is_put_off_done_and_undone_by_its_own_agent_alone(desk: DeskHouse) -> None:
    number = wished(desk)
    dewi, rizky = desk.browser("dewi"), desk.browser("rizky")
    dewi.get(f"/tickets/{number}")
    press(dewi, "/follow-ups", ticket=number, text="Telepon Ibu", at="2026-03-02T15:00")
    page = dewi.get("/follow-ups").text
    assert number in page
    assert "+62 811-2345-678" in page or "0811" in page
    rizky.get("/follow-ups")
    assert press(rizky, "/follow-ups/1/done").status_code == 404
    press(dewi, "/follow-ups/1/postpone", by="day")
    assert "2026-03-03T02:00:00+00:00" in dewi.get("/follow-ups").text
    press(dewi, "/follow-ups/1/done")
    assert "Done lately" in dewi.get("/follow-ups").text
    press(dewi, "/follow-ups/1/undone")
    assert "Done lately" not in dewi.get("/follow-ups").text
    assert dewi.client.post("/follow-ups/1/done").status_code == 400
    assert desk.browser("sari").get("/follow-ups").status_code == 403


def test_a_reminder_is_pushed_to_the_desk(desk: DeskHouse) -> None:
    from launch.due_follow_ups import remind
    from tests.services.desk_house import messages

    dewi = desk.browser("dewi")
    dewi.get("/desk")
    press(dewi, "/follow-ups", text="Telepon Ibu", at="2026-03-02T15:00")
    stream = dewi.client.get(f"/events?after={dewi.data('position')}&page={dewi.data('page-number')}")
    pushed = messages(stream)
    first = next(message for message in pushed if message.name == "follow_ups")
    assert first.body == {"due": 0, "first": ""}
    desk.clock.advance(4 * 3600)
    remind(desk.database, desk.clock.now(), desk.bus.publish)
    assert next(message for message in pushed if message.name == "follow_ups").body == {"due": 1, "first": "Telepon Ibu"}
    stream.close()
