"""The commands about offers, on this installation's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from core.clock import SystemClock
from core.database import Database
from core.errors import HaloError
from core.settings import Settings, load_settings
from core.two_groups import Interval
from crm.offers.fitting import fit
from crm.offers.report import OfferReport, Part, offer_report
from crm.offers.terms import OWN_FILE, SHIPPED_FILE, TermsSource, load_terms
from launch.console import green, red, say


def show_report(days: int) -> None:
    """The report of the last days."""
    with _installation() as (settings, database):
        now = SystemClock().now()
        with database.reading() as session:
            found = offer_report(session, now - timedelta(days=days), now, TermsSource(settings.home).current(), now)
    for line in report_lines(found):
        say(line)


def check_terms(file: Path | None) -> bool:
    """Say what is wrong with the terms in a file, else with those of this installation."""
    chosen = file or _in_force()
    try:
        load_terms(chosen)
    except HaloError as problem:
        say(f"  {red('wrong')}: {problem}")
        return False
    say(f"  {chosen}: nothing is wrong")
    return True


def _in_force() -> Path:
    own = load_settings().home / OWN_FILE
    return own if own.exists() else SHIPPED_FILE


def fit_now() -> None:
    """Count what goes together, whether orders have changed or not."""
    with _installation() as (settings, database):
        model = fit(database, TermsSource(settings.home).current(), SystemClock().now())
    say(f"{green('in force')}: {model.pairs} pairs of products, from {model.customers} customers.")


def report_lines(found: OfferReport) -> list[str]:
    """The report as lines of text."""
    counts = found.whole.counts
    lines = [
        f"Offers of {found.since:%Y-%m-%d} to {found.until:%Y-%m-%d}: {found.decisions} calls in which one was thought of",
        f"  shown {counts.shown}: accepted {counts.accepted}, declined {counts.declined}, not now {counts.not_now}, "
        f"nothing said {counts.silent}",
        f"  comparison group {found.held_out}, suppressed {found.suppressed}, nothing fitted {found.nothing}",
        f"What customers bought in the {found.measured_days} days after (95 % intervals; {found.running} are not over yet):",
        *_part_lines("all", found.whole),
    ]
    for title, parts in (("kind", found.by_kind), ("script", found.by_script)):
        for part in parts:
            lines += _part_lines(f"{title} {part.name}", part)
    for title, rows in (("Suppressed because", found.whys), ("Products passed over because", found.passed_over)):
        lines += [f"{title} {', '.join(f'{name} {count}' for name, count in rows)}"] if rows else []
    return lines


def _part_lines(title: str, part: Part) -> list[str]:
    up = part.uplift
    clear = "" if up.rate is None else " (clear)" if up.rate.is_clear else " (may be chance)"
    return [
        f"  {title}: {up.offered} offered, {up.held_out} held out; taken {_share(up.taken)}",
        f"    ordered {_share(up.offered_rate)} against {_share(up.held_out_rate)}: {_points(up.rate)}{clear}; "
        f"rupiah a customer {_amount(up.revenue_idr)}",
    ]


def _share(found: Interval | None) -> str:
    return "–" if found is None else f"{found.value:.1%} [{found.low:.1%}, {found.high:.1%}]"


def _points(found: Interval | None) -> str:
    return "–" if found is None else f"{100 * found.value:+.1f} points [{100 * found.low:+.1f}, {100 * found.high:+.1f}]"


def _amount(found: Interval | None) -> str:
    return "–" if found is None else f"{found.value:+,.0f} [{found.low:+,.0f}, {found.high:+,.0f}]"


@contextmanager
def _installation() -> Iterator[tuple[Settings, Database]]:
    settings = load_settings()
    database = Database(settings.database)
    try:
        yield settings, database
    finally:
        database.dispose()
