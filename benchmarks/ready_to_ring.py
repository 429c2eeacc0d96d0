"""Many wait and an agent becomes ready: how long until the phone rings, with Halo and with Asterisk's own app_queue."""

import subprocess
import time
from collections.abc import Callable
from random import Random
from statistics import median

from asterisk_conf.names import agent_endpoint
from benchmarks.report import SPREAD_COLUMNS, Report
from core.errors import Unavailable
from launch.demo.ami_thread import AmiThread
from launch.install.asterisk_root import asterisk_program
from launch.supervision.programs import asterisk_conf_file
from tests.live.callers import interaction_of, press_through
from tests.live.house import House, wait_until

AGENT = "2003"
PHONE = agent_endpoint(AGENT)
QUEUE = "benchmark"
EXTENSION = "997"
EXTENSIONS = f"exten => {EXTENSION},1,Answer()\n same => n,Queue({QUEUE})\n"
# The quickest that app_queue can be told to be: it looks again every second, and serves as many at once as can be served.
QUEUE_CONF = f"\n[{QUEUE}]\nstrategy = leastrecent\ntimeout = 60\nretry = 1\nautofill = yes\nringinuse = no\njoinempty = yes\n"


def ready_to_ring(report: Report, house: House, manager: AmiThread, waiting: int, rounds: int) -> None:
    """Add its table. `waiting` callers wait all the time; the phone rings, is never answered, and the caller waits on."""
    table = report.table(f"{waiting} callers wait, one agent becomes ready → the agent's phone rings", *SPREAD_COLUMNS)
    house.carrier.set_manner(PHONE, "ring")
    halo = _halo(house, waiting, rounds)
    queue = _app_queue(house, manager, waiting, rounds)
    report.spread_row(table, "Halo: ready in the page, screen pop, INVITE at the phone", halo)
    report.spread_row(table, "app_queue: member unpaused, INVITE at the phone", queue)
    ratio = median(queue) / median(halo)
    report.figures["app_queue_to_halo"] = ratio
    report.remarks.append(
        f"With {waiting} waiting, app_queue (retry=1, its shortest) takes {ratio:.1f} times as long as Halo (medians): "
        "its callers look for a free member once a second each, Halo is told. Halo's time includes the agent's page."
    )


def _halo(house: House, waiting: int, rounds: int) -> list[float]:
    _fill_line(house, waiting)
    with house.page(AGENT).open() as page:
        house.phone_is_up(AGENT)

        def rest() -> None:
            house.carrier.hang_up_phone(PHONE)
            page.wait_state("NOT_READY")
            wait_until(lambda: len(house.store.snapshot().line) == waiting, "all callers to be in line")

        times = [_one_round(house, page.make_ready, rest) for _ in range(rounds)]
        page.post("/api/log-out")
    house.settle()
    return times


def _fill_line(house: House, waiting: int) -> None:
    """Strangers who choose Indonesian and a person, side by side: each hears the menu for some seconds."""
    watch = house.watch()
    for call in [house.dial().wait_answered() for _ in range(waiting)]:
        press_through(call, interaction_of(call, watch), watch, "10")
    wait_until(lambda: len(house.store.snapshot().line) == waiting, "all callers to be in line")


def _app_queue(house: House, manager: AmiThread, waiting: int, rounds: int) -> list[float]:
    _add_queue(house)
    member = {"Queue": QUEUE, "Interface": f"PJSIP/{PHONE}"}
    manager.action("QueueAdd", **member, Paused="true")
    for number in range(waiting):
        call = house.carrier.dial(EXTENSION, f"+62818{number:07d}")
        house.calls.append(call)
        call.wait_answered()
    wait_until(lambda: _in_queue(manager) == waiting, "all callers to be in the queue")
    chance = Random(7)

    def rest() -> None:
        manager.action("QueuePause", **member, Paused="true")
        house.carrier.hang_up_phone(PHONE)
        wait_until(lambda: _in_queue(manager) == waiting, "all callers to be in the queue")
        time.sleep(chance.uniform(1.0, 2.0))  # so that no round begins in step with the queue's own seconds

    times = [_one_round(house, lambda: manager.action("QueuePause", **member, Paused="false"), rest) for _ in range(rounds)]
    manager.action("QueueRemove", **member)
    house.settle()
    return times


def _one_round(house: House, make_ready: Callable[[], object], rest: Callable[[], None]) -> float:
    before = len(house.carrier.rings(PHONE))
    began = time.time()
    make_ready()
    if not house.carrier.wait_for(lambda: len(house.carrier.rings(PHONE)) > before, 15):
        raise Unavailable("The phone never rang.", "Read Asterisk's log.")
    rang = float(house.carrier.rings(PHONE)[before]["timestamp"])
    rest()
    return (rang - began) * 1000


def _in_queue(manager: AmiThread) -> int:
    return sum(row.get("event") == "QueueEntry" for row in manager.rows("QueueStatus", Queue=QUEUE))


def _add_queue(house: House) -> None:
    conf = asterisk_conf_file(house.settings.home)
    with conf.with_name("queues.conf").open("a", encoding="utf-8") as queues:
        queues.write(QUEUE_CONF)
    subprocess.run(
        [*asterisk_program().command, "-C", str(conf), "-rx", "queue reload all"], check=True, capture_output=True, timeout=20
    )
