"""`./halo status`: what runs, since when, and whether it answers."""

from core.errors import NotFound
from core.settings import SETTINGS_FILE, default_home, load_settings
from launch.console import green, red, say
from launch.supervision.readiness import CHECKS, leading_pid
from launch.supervision.supervisor import Supervisor
from launch.welcome import desk_address


def status() -> bool:
    """Print it; returns whether everything runs and answers. Raises HaloError when nothing runs."""
    home = default_home()
    if not (home / SETTINGS_FILE).exists():
        raise NotFound(f"Halo is not set up in {home}.", "run ./halo up.")
    settings = load_settings(home)
    leads = leading_pid(settings)
    all_well = True
    for state in Supervisor(settings.home).states():
        problem = CHECKS[state.name](settings) if state.pid else state.problem or "is not running"
        all_well &= not problem
        verdict = green("ready" + (", leads" if state.pid and state.pid == leads else "")) if not problem else red(problem)
        pid = f"process {state.pid}" if state.pid else ""
        say(f"  {state.name:<10} {state.state.lower():<9} {pid:<15} {age(state.up_s):>9}  {verdict}")
    say(f"\n  {desk_address(settings)}")
    return all_well


def age(seconds_s: int) -> str:
    """A length of time in two units at most: "45 s", "3 min 5 s", "2 h 4 min", "3 d 1 h"."""
    if seconds_s <= 0:
        return ""
    days, rest = divmod(seconds_s, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    first = next(place for place, (amount, _) in enumerate(parts) if amount)
    return " ".join(f"{amount} {unit}" for amount, unit in parts[first : first + 2] if amount)
