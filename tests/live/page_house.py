"""Every page over the demo's people and customers, without telephony: states of the desk that a test brings about by itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from werkzeug.serving import make_server

from agent_desktop.app import create_app
from agent_desktop.services import EXTENSION, Services
from core.bus import EventBus
from core.clock import SystemClock
from core.database import Database
from core.event_archive import archive
from core.events import Event, EventKind
from core.ids import new_id
from core.settings import Settings
from crm.callback_tasks import CallbackWish, add_callback_task
from crm.contact_history import Interaction, Outcome, Segment, SegmentKind
from crm.customers import Customer, CustomerPhone
from crm.orders import Invoice
from ivr.conversations.story_file import shipped_stories
from ivr.flow_file import shipped_flow
from ivr.flow_versions import put_in_force
from launch.demo_setup import set_up_demo
from launch.logins import Login, read_logins
from routing.agent_changes import AgentChanges
from routing.agent_state import Action, NotReadyReason
from routing.live import LiveAgent, LiveStore
from routing.place import Place
from tests.flow_shop import FlowShop
from tests.policy_shop import PolicyShop

CUSTOMERS = 150
LEASE_S = 24 * 3600  # nobody here watches whether a page is open
STRANGER = "+6281999000111"


@dataclass
class PageHouse:
    """The pages, and the live state they stand on."""

    address: str
    home: Path
    database: Database
    store: LiveStore
    bus: EventBus
    changes: AgentChanges
    clock: SystemClock
    shop: FlowShop
    policy_shop: PolicyShop

    def login(self, name: str) -> Login:
        """One of the demo's people."""
        return next(login for login in read_logins(self.home) if login.name == name)

    def customer_with_bill(self) -> tuple[int, str, str]:
        """A customer who owes money: id, number, and the number of the bill."""
        with self.database.reading() as session:
            found = session.execute(
                select(Customer.id, CustomerPhone.e164, Invoice.number)
                .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
                .join(Invoice, Invoice.customer_id == Customer.id)
                .where(Invoice.paid_idr < Invoice.amount_idr)
                .order_by(Customer.id)
            ).first()
            assert found is not None
            return found[0], found[1], found[2]

    def put_in_line(self, queue: str = "billing", known: bool = True, waits_s: float = 38, language: str = "id") -> Place:
        """A caller waits."""
        customer_id, number, bill = self.customer_with_bill()
        place = Place(
            new_id(), queue, self.clock.now() - timedelta(seconds=waits_s), "PJSIP/caller", language=language,
            customer_id=customer_id if known else None, ani=number if known else STRANGER,
            reason=f"bill:{bill}" if known else "", ivr_path=("main_menu:person", f"people_menu:{queue}"),
        )  # fmt: skip
        data = {"queue": queue, "again": False, "reason": place.reason, "language": language}
        self.store.put_in_line(place, Event(EventKind.INTERACTION_QUEUED, place.queued_at, place.interaction_id, data=data))
        return place

    def make_ready(self, agent_id: str) -> None:
        """The agent is there, phone and all, and ready."""
        self.changes.log_in(agent_id)
        self.changes.phone_changed(agent_id, True)
        self.changes.make_ready(agent_id)

    def reserve(self, agent_id: str, place: Place) -> LiveAgent:
        """The engine has chosen this agent for the caller."""
        self.make_ready(agent_id)
        reserved = self.changes.try_reserve(agent_id, place, self.clock.now() + timedelta(seconds=15), {})
        assert isinstance(reserved, LiveAgent)
        return reserved

    def dial(self, agent_id: str) -> Place:
        """This agent calls a customer by hand."""
        customer_id, number, _bill = self.customer_with_bill()
        now = self.clock.now()
        place = Place(new_id(), "billing", now, "", customer_id=customer_id, ani=number, dialled="service")
        assert isinstance(self.changes.dial(agent_id, place, now + timedelta(seconds=60)), LiveAgent)
        return place

    def step(self, agent_id: str, place: Place, *actions: Action) -> None:
        """The next steps of the reservation: ring, answer, hang_up."""
        for action in actions:
            agent, deadline = self.store.agent(agent_id), self.clock.now() + timedelta(seconds=60)
            self.changes.apply_reserved(agent_id, action, agent.token, interaction_id=place.interaction_id, deadline=deadline)

    def miss(self, agent_id: str, place: Place) -> None:
        """Nobody answered."""
        agent = self.store.agent(agent_id)
        self.changes.apply_reserved(
            agent_id, Action.NO_ANSWER, agent.token, interaction_id=place.interaction_id, reason=NotReadyReason.RONA.value,
            place="return",
        )  # fmt: skip

    def promise_call(self, late: bool) -> None:
        """Somebody left a message and wants to be called back."""
        customer_id, number, _bill = self.customer_with_bill()
        now = self.clock.now()
        due_at = now + timedelta(hours=-1 if late else 1)
        wish = CallbackWish(new_id(), number, "billing", "en", due_at, customer_id, transcript="please call me about my bill")
        with self.database.writing() as session:
            add_callback_task(session, wish, now)
            session.commit()

    def record_talk(self, agent_id: str, place: Place, ago_s: float, talked_s: float = 180) -> None:
        """What the call log writes of a call that is over."""
        at = self.clock.now() - timedelta(seconds=ago_s)
        over = at + timedelta(seconds=talked_s)
        with self.database.writing() as session:
            session.add(
                Interaction(
                    id=place.interaction_id, ani=place.ani, customer_id=place.customer_id, queue=place.queue, agent_id=agent_id,
                    reason=place.reason, started_at=at - timedelta(seconds=30), offered_at=at - timedelta(seconds=20),
                    answered_at=at, ended_at=over, outcome=Outcome.ANSWERED,
                )
            )  # fmt: skip
            session.add(
                Segment(
                    interaction_id=place.interaction_id, kind=SegmentKind.TALK, agent_id=agent_id, queue=place.queue,
                    started_at=at, ended_at=over,
                )
            )  # fmt: skip
            session.commit()

    def record_flow_calls(self, rounds: int = 12) -> None:
        """Callers of two versions of the hotline, who do all kinds of things in it."""
        ways: tuple[tuple[Outcome, tuple[tuple[str, str], ...]], ...] = (
            (Outcome.CONTAINED, (("main_menu", "order_status"), ("after_order", "goodbye"))),
            (Outcome.CONTAINED, (("main_menu", "no_input"), ("main_menu", "bill"), ("after_bill", "goodbye"))),
            (
                Outcome.ANSWERED,
                (("main_menu", "bill"), ("after_bill", "main_menu"), ("main_menu", "person"), ("people_menu", "billing")),
            ),
            (Outcome.ANSWERED, (("language", "en"), ("main_menu", "person"), ("people_menu", "sales"))),
            (Outcome.GONE_IN_IVR, (("main_menu", "not_understood"), ("main_menu", "person"))),
            (Outcome.GONE_IN_IVR, ()),
        )
        now = self.clock.now()
        with self.database.writing() as session:
            for number in range(rounds):
                for place, (outcome, steps) in enumerate(ways[: 3 + number % 4]):
                    began = now - timedelta(hours=1 + number)
                    at = [began + timedelta(seconds=8 * step) for step in range(1, len(steps) + 2)]
                    entered = Event(EventKind.IVR_ENTERED, began, new_id(), data={"flow": "hotline", "version": 1 + number % 2})
                    archive(session, [entered.placed(f"{int(began.timestamp() * 1000)}-{place}")])
                    session.add(
                        Interaction(
                            id=entered.interaction_id, started_at=began, ended_at=at[-1] + timedelta(minutes=2), language="id",
                            offered_at=at[-1] if outcome is Outcome.ANSWERED else None, outcome=outcome, queue="",
                            ivr_path=[
                                {"step": step, "detail": detail, "at": then.isoformat()}
                                for (step, detail), then in zip(steps, at, strict=False)
                            ],
                        )
                    )  # fmt: skip
            for text in (shipped_flow().text, shipped_flow().text + "# again\n"):
                put_in_force(session, "hotline", text, "", now, "halo")
            session.commit()


@contextmanager
def page_house(home: Path, database: Database, redis_url: str) -> Iterator[PageHouse]:
    """Serve the pages on a free port of 127.0.0.1 over an empty Redis; an empty database is filled first."""
    clock = SystemClock()
    set_up_demo(database, clock, home, customers=CUSTOMERS)
    settings = Settings(
        home=home, session_key="k" * 32, redis_password="p", ami_password="a", presence_lease_s=LEASE_S, outbound_trunk="way-out",
        dial_service_hours="mon-sun 00:00-24:00",
    )  # type: ignore[arg-type]  # fmt: skip
    store, bus = LiveStore(redis_url), EventBus(redis_url)
    shop = FlowShop(database, clock, bus.publish, shipped_stories(), by_hand=False)
    policy_shop = PolicyShop(database, store, clock, ZoneInfo(settings.time_zone), by_hand=False)
    app = create_app(settings, database, store, bus, clock, shop, policy_shop)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    changes = AgentChanges(store, clock, LEASE_S)
    try:
        yield PageHouse(f"http://127.0.0.1:{server.server_port}", home, database, store, bus, changes, clock, shop, policy_shop)
    finally:
        server.shutdown()
        services: Services = app.extensions[EXTENSION]
        services.fanout.stop()
        shop.close()
        policy_shop.close()
        store.close()
        bus.close()
