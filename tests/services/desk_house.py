"""A desk with everybody in it, on a real database and a real Redis; and browsers that know how to log in."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from agent_desktop.accounts import Role, User
from agent_desktop.app import create_app
from agent_desktop.services import EXTENSION, Services
from core.bus import EventBus
from core.clock import VirtualClock
from core.database import Database
from core.events import Event, EventKind
from core.ids import new_id
from core.settings import Settings
from crm.contact_history import Interaction, Segment
from crm.customers import Customer, CustomerPhone
from crm.orders import Invoice
from routing.agent_changes import AgentChanges
from routing.agent_state import Action
from routing.agents import AgentRecord, AgentSkill
from routing.live import LiveAgent, LiveStore
from routing.place import Place
from tests.flow_shop import FlowShop
from tests.policy_shop import PolicyShop

PASSWORD = "correct horse battery"
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
HOSTILE_NAME = '<script>alert(1)</script> "O\'Neil"'
AGENTS = {"1001": "Dewi Anggraini", "1002": "Rizky Pratama"}


class CompiledTemplates(BytecodeCache):
    """Templates that one desk has compiled, for the next."""

    def __init__(self) -> None:
        self._of: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._of:
            bucket.bytecode_from_string(self._of[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._of[bucket.key] = bucket.bytecode_to_string()


_COMPILED = CompiledTemplates()


@dataclass
class DeskHouse:
    """The app and the live state it stands on, with ways to let calls happen."""

    app: Flask
    database: Database
    store: LiveStore
    bus: EventBus
    clock: VirtualClock
    changes: AgentChanges
    customer_id: int
    shop: FlowShop
    policy_shop: PolicyShop
    interactions: list[str] = field(default_factory=list)

    def browser(self, login: str = "") -> "Browser":
        """A browser of its own, logged in when `login` is given."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        browser = Browser(client)
        if login:
            answer = browser.log_in(login)
            assert answer.status_code == 302, answer.text
        return browser

    def reserve(
        self, agent_id: str = "1001", queue: str = "billing", customer: bool = True, number: str = "+628112345678"
    ) -> Place:  # fmt: skip
        """Put a caller in line and claim this agent, who becomes ready first."""
        place = Place(
            new_id(), queue, self.clock.now() - timedelta(seconds=38), "PJSIP/caller",
            customer_id=self.customer_id if customer else None, ani=number, reason="bill:INV-7",
            ivr_path=("main_menu:person", "people_menu:billing"),
        )  # fmt: skip
        told = Event(EventKind.INTERACTION_QUEUED, place.queued_at, place.interaction_id, data={"queue": queue, "again": False})
        self.store.put_in_line(place, told)
        self.changes.log_in(agent_id)
        self.changes.phone_changed(agent_id, True)
        self.changes.make_ready(agent_id)
        reserved = self.changes.try_reserve(agent_id, place, self.clock.now() + timedelta(seconds=15), {})
        assert isinstance(reserved, LiveAgent)
        return place

    def step(self, place: Place, *actions: Action, agent_id: str = "1001") -> LiveAgent:
        """Take the reservation through these actions."""
        agent = self.store.agent(agent_id)
        for action in actions:
            agent = self.changes.apply_reserved(
                agent_id, action, agent.token, interaction_id=place.interaction_id,
                deadline=self.clock.now() + timedelta(seconds=60),
            )  # fmt: skip
        return agent

    def record(self, place: Place, agent_id: str = "1001", ended: bool = False) -> None:
        """What the call log writes of this interaction."""
        now = self.clock.now()
        with self.database.writing() as session:
            session.add(
                Interaction(
                    id=place.interaction_id, ani=place.ani, customer_id=place.customer_id, queue=place.queue, agent_id=agent_id,
                    started_at=place.queued_at, offered_at=place.queued_at, answered_at=now, ended_at=now if ended else None,
                )
            )  # fmt: skip
            session.add(
                Segment(
                    interaction_id=place.interaction_id, kind="TALK", agent_id=agent_id, started_at=now - timedelta(seconds=20),
                    ended_at=now,
                )
            )  # fmt: skip
            session.commit()

    def events(self, kind: EventKind) -> list[Event]:
        """Every event of this kind in the log."""
        return [event for event in self.bus.read("0-0") if event.kind is kind]

    def close(self) -> None:
        services: Services = self.app.extensions[EXTENSION]
        services.fanout.stop()
        self.shop.close()
        self.policy_shop.close()
        self.store.close()
        self.bus.close()


@dataclass
class Browser:
    """A client that keeps cookies and sends the CSRF token of the page it saw last."""

    client: FlaskClient
    token: str = ""
    page: str = ""

    def get(self, path: str, **arguments: Any) -> TestResponse:
        answer = self.client.get(path, **arguments)
        if answer.mimetype == "text/html":
            self.page = answer.text
            found = re.search(r'name="csrf-token" content="([^"]+)"', answer.text)
            self.token = found.group(1) if found else self.token
        return answer

    def log_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        self.get("/login")
        return self.client.post("/login", data={"csrf_token": self.token, "login": login, "password": password})

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self.client.post(path, json=fields, headers={"X-CSRFToken": self.token})

    def data(self, name: str) -> str:
        """A data-… attribute of the page seen last."""
        found = re.search(rf'data-{name}="([^"]*)"', self.page)
        assert found, f"the page has no data-{name}"
        return found.group(1)


@dataclass(frozen=True)
class Message:
    """One server-sent message."""

    name: str
    position: str
    body: dict[str, Any]


def messages(stream: TestResponse) -> Iterator[Message]:
    """What a stream sends, message by message; heartbeats are left out. Waits for the next."""
    name, position, data, unread = "", "", "", ""
    for chunk in stream.response:
        unread += chunk.decode() if isinstance(chunk, bytes) else chunk
        while "\n" in unread:
            line, unread = unread.split("\n", 1)
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("id: "):
                position = line[4:]
            elif line.startswith("data: "):
                data = line[6:]
            elif not line and data:
                yield Message(name, position, json.loads(data))
                name, data = "", ""


def build_desk(
    database: Database, redis_url: str, home: Path, filled: bool = True, behind_proxy: bool = False
) -> DeskHouse:  # fmt: skip
    """A desk; when `filled` with two agents, a supervisor, a planner, an administrator and one customer with an open bill."""
    settings = Settings(home=home, session_key="k" * 32, redis_password="p", ami_password="a", behind_proxy=behind_proxy)  # type: ignore[arg-type]
    clock = VirtualClock(NOON)
    customer_id = _fill(database) if filled else 0
    store, bus = LiveStore(redis_url), EventBus(redis_url)
    shop = FlowShop(database, clock, bus.publish)
    policy_shop = PolicyShop(database, store, clock, ZoneInfo(settings.time_zone))
    app = create_app(settings, database, store, bus, clock, shop, policy_shop)
    app.testing = True
    app.jinja_env.bytecode_cache = _COMPILED
    app.config["PROPAGATE_EXCEPTIONS"] = False
    changes = AgentChanges(store, clock, settings.presence_lease_s)
    return DeskHouse(app, database, store, bus, clock, changes, customer_id, shop, policy_shop)


def _fill(database: Database) -> int:
    with database.writing() as session:
        for agent_id, name in AGENTS.items():
            skills = [AgentSkill(skill="billing", proficiency=4)]
            session.add(AgentRecord(id=agent_id, name=name, phone_secret=f"secret-of-{agent_id}", skills=skills))
        session.flush()
        people = (("dewi", Role.AGENT, "1001"), ("rizky", Role.AGENT, "1002"), ("sari", Role.SUPERVISOR, None))
        for login, role, agent_id in (*people, ("plan", Role.PLANNER, None), ("root", Role.ADMIN, None)):
            session.add(
                User(
                    login=login, name=login.title(), role=role, password_hash=_hash(), language="en", agent_id=agent_id,
                    created_at=NOON,
                )
            )  # fmt: skip
        customer = Customer(name=HOSTILE_NAME, honorific="Ibu", city="Bogor", language="id", created_at=NOON, updated_at=NOON)
        customer.phones = [CustomerPhone(e164="+628112345678")]
        session.add(customer)
        session.flush()
        session.add(
            Invoice(
                number="INV-7", customer_id=customer.id, issued_on=date(2026, 2, 1), due_on=date(2026, 2, 20), amount_idr=412_000
            )
        )
        session.commit()
        return customer.id


@cache
def _hash() -> str:
    return PasswordHasher().hash(PASSWORD)
