"""One running Halo for all live tests of a run and database; each test leaves a quiet floor behind."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from sqlalchemy import make_url

from core.database import Database
from launch.demo.desk_page import DeskPage
from launch.schema import all_tables
from tests.live.browser import CHROMIUM, FLAGS
from tests.live.call_control import desk_of_sari, line_out
from tests.live.hearing import make_tone
from tests.live.house import AGENTS, WAY_OUT, House, running_house
from tests.live.logs import check_logs
from tests.live.page_house import PageHouse, page_house
from tests.live.promised_calls import end_all, restart_cti
from tests.live.spoken_messages import TONE_HZ
from tests.postgres_database import administer

EXPECT_MS = 15_000  # beside others


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all live tests: a second one beside it would not start."""
    expect.set_options(timeout=EXPECT_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    server = os.environ.get("HALO_TEST_DATABASE_URL", "")
    name = f"halo_live_{secrets.token_hex(4)}"
    url = make_url(server).set(database=name).render_as_string(hide_password=False) if server else ""
    if server:
        administer(server, f"CREATE DATABASE {name}")
    with running_house(tmp_path_factory.mktemp("house"), url) as house:
        yield house
        check_logs(house)
    if server:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def halo(_house: House) -> Iterator[House]:
    """The running Halo."""
    yield _house
    _house.settle()
    _house.send_home()
    for agent_id in AGENTS:
        _house.carrier.set_manner(f"agent-{agent_id}", "answer")


@pytest.fixture
def pages(halo: House) -> Iterator["Pages"]:
    """Opens pages of test agents and closes them after the test."""
    with ExitStack() as stack:
        opened = Pages(halo, stack)
        yield opened
        halo.settle()
        for page in opened.all:
            opened.leave(page)


class Pages:
    """The pages that a test has opened."""

    def __init__(self, halo: House, stack: ExitStack) -> None:
        self._halo, self._stack = halo, stack
        self.all: list[DeskPage] = []

    def open(self, agent_id: str, ready: bool = True, confirms_pops: bool = True) -> DeskPage:
        """Log the agent in; their phone is there; ready unless told otherwise."""
        page = self._stack.enter_context(self._halo.page(agent_id, confirms_pops).open())
        self._halo.phone_is_up(agent_id)
        if ready:
            page.make_ready()
            page.wait_state("READY", "RESERVED", "RINGING", "TALKING")  # when somebody waits, READY lasts no time at all
        self.all.append(page)
        return page

    def open_only(self, agent_id: str) -> DeskPage:
        """Log an agent in who has no phone."""
        page = self._stack.enter_context(self._halo.page(agent_id).open())
        self.all.append(page)
        return page

    def leave(self, page: DeskPage) -> None:
        """Finish what is in hand and log out."""
        page.wait_state("READY", "NOT_READY", "WRAP_UP", "OFFLINE", timeout_s=30)
        if page.state == "WRAP_UP":
            page.save("solved", "", ready_after=False)
        if page.state != "OFFLINE":
            page.post("/api/log-out")


@pytest.fixture(scope="module")
def way_out(_house: House) -> Iterator[None]:
    """Halo may call customers, as long as the tests of a module run."""
    restart_cti(_house, WAY_OUT)
    yield
    restart_cti(_house, "")


@pytest.fixture
def nobody_is_promised_anything_afterwards(halo: House, pages: "Pages", way_out: None) -> Iterator[None]:
    """Before the pages close: they wait for an empty line."""
    yield
    end_all(halo)


@pytest.fixture(scope="module")
def tone(tmp_path_factory) -> Path:
    return make_tone(tmp_path_factory.mktemp("said") / "tone.wav", TONE_HZ)


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser of a test's own: whatever it leaves open ends with the test."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Database]]:
    """The demo's people and customers, made once."""
    home = tmp_path_factory.mktemp("pages")
    database = Database(f"sqlite:///{home / 'pages.db'}")
    all_tables().create_all(database.engine)
    yield home, database
    database.dispose()


@pytest.fixture
def house(filled: tuple[Path, Database], redis_url: str) -> Iterator[PageHouse]:
    with page_house(*filled, redis_url) as house:
        yield house


@pytest.fixture
def sari(halo: House, playwright: Playwright, tmp_path: Path) -> Iterator[Page]:
    """Sari's own browser; see desk_of_sari."""
    with desk_of_sari(playwright, halo, tmp_path) as page:
        yield page


@pytest.fixture
def way_outside(halo: House) -> Iterator[None]:
    """Numbers outside can be called."""
    with line_out(halo, WAY_OUT):
        yield
