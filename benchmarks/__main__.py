"""`python -m benchmarks NAME [--out DIR]`: run one benchmark, or all of them one after the other."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.machine import this_machine
from benchmarks.report import Report
from core.errors import HaloError
from launch.places import ROOT

RATES = (10.0, 20.0, 30.0, 40.0, 50.0, 65.0, 80.0, 100.0, 125.0, 150.0, 200.0, 250.0, 300.0, 350.0)
STREAMS = (10, 20, 40, 60, 80, 100, 125, 150, 180)

Measure = Callable[[Report], None]
_OUT = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=ROOT / "var" / "benchmarks",
    help="Folder for NAME.md and NAME.json (default: var/benchmarks).",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def benchmarks() -> None:
    """Measure Halo on this machine. Each benchmark brings up what it needs in a temporary folder and takes it away again."""


def _run(name: str, title: str, out: Path, measure: Measure) -> None:
    machine = this_machine()
    options = [name, *sys.argv[2:]] if sys.argv[1:2] == ["all"] else sys.argv[1:]
    report = Report(name, title, [".venv/bin/python", "-m", "benchmarks", *options])
    measure(report)
    click.echo("\n" + report.to_markdown(machine))
    for file in report.write(out, machine):
        click.echo(f"written: {file}")


@benchmarks.command()
@click.option("--cycles", default=2000, show_default=True, help="Whole assignments.")
@_OUT
def dispatch(cycles: int, out: Path) -> None:
    """Assignments a second in Redis, beside bare round trips."""
    from benchmarks import dispatch as it

    _run("dispatch", "Dispatch: one assignment without telephony", out, lambda report: it.measure(report, cycles))


@benchmarks.command("engine")
@click.option("--events", default=60_000, show_default=True, help="Events on each floor.")
@click.option("--scanned", default=200, show_default=True, help="Of these the plain scan sees so many.")
@click.option("--agents", default=100_000, show_default=True, help="The largest floor.")
@_OUT
def engine(events: int, scanned: int, agents: int, out: Path) -> None:
    """What each event costs the routing engine on a very large floor, beside a plain scan."""
    from benchmarks import engine as it

    _run("engine", "Engine: who gets whom", out, lambda report: it.measure(report, events, scanned, agents))


@benchmarks.command("expected-wait")
@click.option("--days", default=10, show_default=True, help="Simulated days.")
@click.option("--load", default=1.05, show_default=True, help="What comes over what the agents could handle.")
@_OUT
def expected_wait(days: int, load: float, out: Path) -> None:
    """How near the truth the expected wait is, beside what others tell."""
    from benchmarks import expected_wait as it

    _run("expected_wait", "Expected wait: told and true", out, lambda report: it.measure(report, days, load))


@benchmarks.command("erlang")
@click.option("--pairs", default=1_000_000, show_default=True, help="Loads with a target each.")
@click.option("--largest", default=1000.0, show_default=True, help="Erlangs.")
@_OUT
def erlang(pairs: int, largest: float, out: Path) -> None:
    """Agents that a million loads need by Erlang C and A, beside one at a time and pyworkforce."""
    from benchmarks import erlang as it

    _run("erlang", "Erlang: agents for a million loads", out, lambda report: it.measure(report, pairs, largest))


@benchmarks.command("forecast")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="Folder of the Technion's calls_6min_1999.csv.gz.")
@click.option("--others", is_flag=True, help="Also statsforecast's methods, where it is installed.")
@_OUT
def forecast(data: Path, others: bool, out: Path) -> None:
    """Held-out weeks of a real call center, beside the seasonal naive forecast."""
    from benchmarks import forecast as it

    _run("forecast", "Forecast: held-out weeks of a bank's call center", out, lambda report: it.measure(report, data, others))


@benchmarks.command("planning")
@click.option("--agents", default=500, show_default=True)
@click.option("--queues", default=20, show_default=True)
@click.option("--days", default=28, show_default=True, help="Of the forecast.")
@click.option("--history-days", default=365, show_default=True, help="On record, by half hours.")
@click.option("--waits-days", default=30, show_default=True, help="Of single calls, to learn patience from.")
@_OUT
def planning(agents: int, queues: int, days: int, history_days: int, waits_days: int, out: Path) -> None:
    """A large center's forecasts, staffing, and a search over skills, as the worker does them."""
    from benchmarks import planning as it

    sizes = (agents, queues, days, history_days, waits_days)
    _run("planning", "Planning: a large center", out, lambda report: it.measure(report, *sizes))


@benchmarks.command("scarcity")
@click.option("--days", default=30, show_default=True, help="Simulated days for each load.")
@_OUT
def scarcity(days: int, out: Path) -> None:
    """What keeping the scarce ones free does to callers, in simulation."""
    from benchmarks import scarcity as it

    _run("scarcity", "Scarcity: the only ones who can, kept free", out, lambda report: it.measure(report, days))


@benchmarks.command("simulation")
@click.option("--calls", default=50_000, show_default=True, help="Calls in each simulator.")
@click.option("--rounds", default=5, show_default=True, help="How often each simulator has its turn.")
@click.option("--day-calls", default=100_000, show_default=True, help="Calls of the big day.")
@click.option("--day-agents", default=500, show_default=True, help="Its agents.")
@_OUT
def simulation(calls: int, rounds: int, day_calls: int, day_agents: int, out: Path) -> None:
    """Simulated calls a second beside Ciw and simpy, with the answers of each; and a big day."""
    from benchmarks import simulation as it

    _run(
        "simulation",
        "Simulation: the engine on a virtual clock",
        out,
        lambda report: it.measure(report, calls, rounds, day_calls, day_agents),
    )


@benchmarks.command("call_log")
@click.option("--calls", default=1500, show_default=True, help="Calls whose events are written.")
@_OUT
def call_log(calls: int, out: Path) -> None:
    """Events a second through the call log, beside bare inserts."""
    from benchmarks import call_log as it

    _run("call_log", "Call log: events into the database", out, lambda report: it.measure(report, calls))


@benchmarks.command("desk_push")
@click.option("--pages", "pages", multiple=True, default=(50, 200), show_default=True, help="Open pages; may be given again.")
@click.option("--changes", default=90, show_default=True, help="Changes of state for each number of pages.")
@_OUT
def desk_push(pages: tuple[int, ...], changes: int, out: Path) -> None:
    """From a change of state to the pages, beside bare pushing."""
    from benchmarks import desk_push as it

    _run("desk_push", "Desk: from a change to the pages", out, lambda report: it.measure(report, pages, changes))


@benchmarks.command("call_path")
@click.option("--calls", default=40, show_default=True, help="Calls one after the other for each kind of page.")
@click.option("--waiting", default=30, show_default=True, help="Callers who wait when the agent becomes ready.")
@click.option("--rounds", default=20, show_default=True, help="How often the agent becomes ready.")
@_OUT
def call_path(calls: int, waiting: int, rounds: int, out: Path) -> None:
    """From the line to the agent's page, phone and talk; and from ready to ringing beside app_queue."""
    from benchmarks import call_path as it

    _run("call_path", "Call path: from the line to the talk", out, lambda report: it.measure(report, calls, waiting, rounds))


@benchmarks.command("menu_load")
@click.option("--rate", "rates", multiple=True, type=float, default=RATES, show_default=True, help="Calls a second, rising.")
@click.option("--step-s", default=8, show_default=True, help="Seconds of calling at each rate.")
@_OUT
def menu_load(rates: tuple[float, ...], step_s: int, out: Path) -> None:
    """Calls a second through the menu until it breaks, beside bare FastAGI and the dialplan alone."""
    from benchmarks import menu_load as it

    _run("menu_load", "Menu: calls a second until it breaks", out, lambda report: it.measure(report, rates, step_s))


@benchmarks.command("recognition")
@click.option("--model", "model", type=click.Path(path_type=Path), default=None, help="A model folder (default: the shipped one).")
@click.option("--share", default=1.0, show_default=True, help="Of what each voice says, this part.")
@_OUT
def recognition(model: Path | None, share: float, out: Path) -> None:
    """What the speech model understands of voices that it never heard, by line, language and voice; and what it costs."""
    from benchmarks import recognition as it

    _run("recognition", "Recognition: voices that were never heard", out, lambda report: it.measure(report, share, model))


@benchmarks.command("number_recognition")
@click.option("--model", "model", type=click.Path(path_type=Path), default=None, help="A model folder (default: the shipped one).")
@click.option("--share", default=1.0, show_default=True, help="Of what each voice says, this part on all lines but the clean one.")
@_OUT
def number_recognition(model: Path | None, share: float, out: Path) -> None:
    """Spoken order, customer and telephone numbers and postcodes: heard with the form that the flow knows, and without."""
    from benchmarks import number_recognition as it

    _run("number_recognition", "Spoken numbers: voices that were never heard", out, lambda report: it.measure(report, share, model))


@benchmarks.command("explore_flows")
@_OUT
def explore_flows(out: Path) -> None:
    """Every branch of every shipped flow with every fault."""
    from benchmarks import explore_flows as it

    _run("explore_flows", "Explorer: every branch of every flow", out, it.measure)


@benchmarks.command("speech_path")
@click.option("--calls", default=20, show_default=True, help="Real calls by voice, and as many by key.")
@click.option("--streams", "streams", multiple=True, default=STREAMS, show_default=True, help="Callers at once, rising.")
@click.option("--processes", default=2, show_default=True, help="Recognisers.")
@_OUT
def speech_path(calls: int, streams: tuple[int, ...], processes: int, out: Path) -> None:
    """From the end of a word to the answer; callers who speak at once until answers are late; memory for each."""
    from benchmarks import speech_path as it

    _run(
        "speech_path",
        "Speech: from the end of a word to the answer",
        out,
        lambda report: it.measure(report, calls, streams, processes),
    )


@benchmarks.command("menu_reply")
@click.option("--calls-in-menus", default=100, show_default=True, help="Callers who are in a menu all the time.")
@click.option("--probes", default=60, show_default=True, help="Callers whose next prompt is timed on the wire.")
@_OUT
def menu_reply(calls_in_menus: int, probes: int, out: Path) -> None:
    """From the key to the next prompt on the wire, with many callers in menus; beside bare FastAGI and the dialplan alone."""
    from benchmarks import menu_reply as it

    _run("menu_reply", "Menu: from the key to the next prompt", out, lambda report: it.measure(report, calls_in_menus, probes))


@benchmarks.command("order_status")
@click.option("--calls", default=5, show_default=True, help="Calls of each kind.")
@_OUT
def order_status(calls: int, out: Path) -> None:
    """Seconds of call time from the answer to the order's status, by key, by voice, and for a stranger."""
    from benchmarks import order_status as it

    _run("order_status", "Self-service: how long until the order's status is told", out, lambda report: it.measure(report, calls))


@benchmarks.command("offers")
@click.option(
    "--data", type=click.Path(dir_okay=False, path_type=Path), default=None,
    help="A file of real baskets: one in a line, the oldest first, products parted by commas.",
)  # fmt: skip
@_OUT
def offers(data: Path | None, out: Path) -> None:
    """How much of what customers really bought the offers find, beside the best sellers and matrix factorisation."""
    from benchmarks import offers as it

    _run("offers", "Offers: what was hidden in real baskets", out, lambda report: it.measure(report, data))


@benchmarks.command("search")
@click.option("--customers", default=1_000_000, show_default=True, help="Customers on record.")
@click.option("--searches", default=100, show_default=True, help="Searches of each kind.")
@_OUT
def search(customers: int, searches: int, out: Path) -> None:
    """How long it takes to find a customer by what agents type, beside a plain scan and bare trigrams."""
    from benchmarks import customer_search as it

    _run("search", "Search: one customer of many", out, lambda report: it.measure(report, customers, searches))


@benchmarks.command("screen_pop")
@click.option("--customers", default=1_000_000, show_default=True, help="Customers on record, a million at most.")
@click.option("--orders", default=5, show_default=True, help="Orders of each of them, 1 to 5.")
@click.option("--pops", default=100, show_default=True, help="Callers, one after the other.")
@_OUT
def screen_pop(customers: int, orders: int, pops: int, out: Path) -> None:
    """How long it takes from a reservation until the agent's page has painted the caller, among very many customers."""
    from benchmarks import screen_pop as it

    _run("screen_pop", "Screen pop: among very many customers", out, lambda report: it.measure(report, customers, orders, pops))


@benchmarks.command("knowledge")
@click.option("--articles", default=20_000, show_default=True, help="Articles beside the demo's.")
@click.option("--searches", default=200, show_default=True, help="Searches of each kind.")
@_OUT
def knowledge(articles: int, searches: int, out: Path) -> None:
    """How long a search among very many articles takes, on SQLite and on PostgreSQL."""
    from benchmarks import knowledge as it

    _run("knowledge", "Knowledge: a search among very many articles", out, lambda report: it.measure(report, articles, searches))


@benchmarks.command("rostering")
@click.option("--data", required=True, type=click.Path(path_type=Path), help="Folder of Instance1.txt and so on.")
@click.option("--instance", "instances", multiple=True, type=int, default=tuple(range(1, 8)), show_default=True)
@click.option("--seconds", default=60.0, show_default=True, help="For each.")
@_OUT
def rostering(data: Path, instances: tuple[int, ...], seconds: float, out: Path) -> None:
    """Public rostering instances, beside the best that is known."""
    from benchmarks import rostering as it

    _run("rostering", "Rostering: public instances", out, lambda report: it.measure(report, data, instances, seconds))


@benchmarks.command("roster")
@click.option("--agents", default=500, show_default=True)
@click.option("--queues", default=20, show_default=True)
@click.option("--days", default=28, show_default=True)
@click.option("--seconds", default=600.0, show_default=True)
@click.option("--six-days", default=0.0, show_default=True, help="Share of the agents who work on six days a week, 0 to 1.")
@_OUT
def roster(agents: int, queues: int, days: int, seconds: float, six_days: float, out: Path) -> None:
    """A month's roster of a large contact center: the gap to the bound by time."""
    from benchmarks import large_roster as it

    def measure(report: Report) -> None:
        it.measure(report, agents, queues, days, seconds, six_days)

    _run("roster", "Roster: a month of a large contact center", out, measure)


@benchmarks.command("all")
@_OUT
def run_all(out: Path) -> None:
    """Every benchmark with its defaults, one after the other."""
    for command in (dispatch, call_log, desk_push, call_path, menu_load, explore_flows, speech_path, menu_reply, order_status):
        click.get_current_context().invoke(command, out=out)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is taken down
    try:
        benchmarks()
    except HaloError as problem:
        sys.exit(f"benchmarks: {problem}")
