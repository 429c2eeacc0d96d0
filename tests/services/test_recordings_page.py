"""Who hears which recorded talk: agents their own, supervisors their teams', planners none; and each hearing is on record."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from agent_desktop.accounts import User
from agent_desktop.services import EXTENSION
from crm.contact_history import Interaction
from crm.talk_recordings import RecordingHearing, TalkRecording
from routing.agents import AgentRecord
from tests.services.desk_house import DeskHouse
from tests.services.recorded_talks import stored


@pytest.fixture
def store(desk: DeskHouse) -> Path:
    return desk.app.extensions[EXTENSION].settings.talks_folder


@pytest.fixture
def own(desk: DeskHouse, store: Path) -> TalkRecording:
    """A talk of Dewi's (1001), of the team north."""
    return stored(desk.database, store, desk.clock.now() - timedelta(minutes=5), team="north")


def hearings(desk: DeskHouse) -> list[tuple[str, str]]:
    with desk.database.reading() as session:
        return [(row.login, row.how) for row in session.scalars(select(RecordingHearing).order_by(RecordingHearing.id))]


def supervisor_of(desk: DeskHouse, teams: str) -> None:
    with desk.database.writing() as session:
        session.execute(update(User).where(User.login == "sari").values(teams=teams))
        session.commit()


def ways(talk: TalkRecording) -> tuple[str, ...]:
    return f"/recordings/{talk.id}/sound", f"/recordings/{talk.id}/file", f"/recordings/{talk.interaction_id}"


@pytest.mark.parametrize(
    ("login", "teams", "status"),
    [
        ("dewi", "", 200), ("rizky", "", 403), ("plan", "", 403), ("root", "", 200), ("sari", "", 200), ("sari", "north", 200),
        ("sari", "south,north", 200), ("sari", "south", 403),
    ],
)  # fmt: skip
def test_who_hears_what(desk: DeskHouse, own: TalkRecording, login: str, teams: str, status: int) -> None:
    supervisor_of(desk, teams)
    browser = desk.browser(login)
    assert [browser.get(way).status_code for way in ways(own)] == [status] * 3
    assert bool(hearings(desk)) is (status == 200)


def test_nobody_hears_anything_without_a_log_in(desk: DeskHouse, own: TalkRecording) -> None:
    assert all(desk.browser().get(way).status_code == 302 for way in ways(own))
    assert hearings(desk) == []


def test_agents_hear_their_team_only_where_the_settings_say_so(desk: DeskHouse, own: TalkRecording) -> None:
    with desk.database.writing() as session:
        session.execute(update(AgentRecord).where(AgentRecord.id == "1002").values(team="north"))
        session.commit()
    rizky = desk.browser("rizky")
    assert rizky.get(ways(own)[0]).status_code == 403
    services = desk.app.extensions[EXTENSION]
    desk.app.extensions[EXTENSION] = type(services)(
        **{name: getattr(services, name) for name in services.__dataclass_fields__}
        | {"settings": services.settings.model_copy(update={"agents_hear_team": True})}
    )
    assert rizky.get(ways(own)[0]).status_code == 200


def test_a_player_asks_for_ranges_and_that_is_one_hearing(desk: DeskHouse, own: TalkRecording, store: Path) -> None:
    browser, path = desk.browser("dewi"), f"/recordings/{own.id}/sound"
    whole = browser.get(path)
    assert (whole.status_code, whole.mimetype, whole.headers["Accept-Ranges"]) == (200, "audio/flac", "bytes")
    part = browser.get(path, headers={"Range": "bytes=50-99"})
    assert (part.status_code, part.data) == (206, (store / own.file).read_bytes()[50:100])
    assert part.headers["Content-Range"] == "bytes 50-99/200"
    assert browser.get(path, headers={"Range": "bytes=900-"}).status_code == 416
    assert hearings(desk) == [("dewi", "played")]
    desk.clock.advance(3600)
    browser.get(path, headers={"Range": "bytes=50-"})
    assert hearings(desk) == [("dewi", "played")] * 2, "the middle of it, too, is a hearing"


def test_each_download_is_on_record_and_the_supervisor_sees_who_heard_it(desk: DeskHouse, own: TalkRecording) -> None:
    dewi, path = desk.browser("dewi"), f"/recordings/{own.id}/file"
    assert "attachment" in dewi.get(path).headers["Content-Disposition"]
    dewi.get(path)
    assert hearings(desk) == [("dewi", "downloaded")] * 2
    page = desk.browser("sari").get(f"/recordings/{own.interaction_id}").text
    assert page.count("taken away as a file") == 2
    assert "Who has heard it" not in dewi.get(f"/recordings/{own.interaction_id}").text


def test_no_row_leads_out_of_the_store(desk: DeskHouse, store: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.env"
    secret.write_text("x", encoding="utf-8")
    now, root = desk.clock.now(), desk.browser("root")
    for file in ("../../secret.env", str(secret), "../talks", "nothing.flac"):
        stolen = stored(desk.database, store, now, file=file)
        assert root.get(f"/recordings/{stolen.id}/sound").status_code == 404
    assert root.get("/recordings/..%2f..%2fsecret.env/sound").status_code == 404
    assert root.get("/recordings/9999/sound").status_code == 404
    assert root.get("/recordings/not-an-id").status_code == 404
    assert hearings(desk) == []


def test_the_list_has_what_one_may_hear_and_nothing_else(desk: DeskHouse, own: TalkRecording, store: Path) -> None:
    other = stored(desk.database, store, desk.clock.now(), agent_id="1002", team="south")
    supervisor_of(desk, "south")
    lists = {login: desk.browser(login).get("/recordings").text for login in ("dewi", "rizky", "sari", "root")}
    shown = {login: {talk.agent_id for talk in (own, other) if talk.interaction_id in page} for login, page in lists.items()}
    assert shown == {"dewi": {"1001"}, "rizky": {"1002"}, "sari": {"1002"}, "root": {"1001", "1002"}}
    assert desk.browser("plan").get("/recordings").status_code == 403


def test_of_one_interaction_an_agent_sees_the_own_part_alone(desk: DeskHouse, own: TalkRecording, store: Path) -> None:
    later = stored(
        desk.database, store, desk.clock.now(), agent_id="1002", interaction_id=own.interaction_id, team="south"
    )  # fmt: skip
    page = desk.browser("dewi").get(f"/recordings/{own.interaction_id}").text
    assert f'id="talk-{own.id}"' in page
    assert f'id="talk-{later.id}"' not in page
    assert "1 more part is for others to hear" in page


def test_a_supervisor_puts_a_talk_on_legal_hold_and_an_agent_does_not(desk: DeskHouse, own: TalkRecording) -> None:
    def held_by() -> str:
        with desk.database.reading() as session:
            return session.get_one(TalkRecording, own.id).held_by

    dewi, sari = desk.browser("dewi"), desk.browser("sari")
    dewi.get(f"/recordings/{own.interaction_id}")
    assert dewi.post(f"/recordings/{own.id}/hold").status_code == 403
    assert held_by() == ""
    sari.get(f"/recordings/{own.interaction_id}")
    assert sari.post(f"/recordings/{own.id}/hold").status_code == 302
    assert held_by() == "sari"
    assert "Legal hold by sari" in sari.get(f"/recordings/{own.interaction_id}").text
    supervisor_of(desk, "south")
    assert sari.post(f"/recordings/{own.id}/release").status_code == 403
    supervisor_of(desk, "")
    sari.post(f"/recordings/{own.id}/release")
    assert held_by() == ""


def test_the_customers_page_leads_to_talks_that_one_may_hear(desk: DeskHouse, store: Path) -> None:
    now = desk.clock.now()
    talk = stored(desk.database, store, now)
    with desk.database.writing() as session:
        session.add(
            Interaction(id=talk.interaction_id, customer_id=desk.customer_id, started_at=now, queue="billing", agent_id="1001")
        )
        session.commit()
    link = f'href="/recordings/{talk.interaction_id}"'
    assert link in desk.browser("dewi").get(f"/customers/{desk.customer_id}").text
    assert link not in desk.browser("rizky").get(f"/customers/{desk.customer_id}").text
