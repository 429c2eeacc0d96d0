"""`./halo status`: what runs, since when, and whether it answers."""

from collections.abc import Mapping

from core.errors import NotFound
from core.settings import SETTINGS_FILE, default_home, load_settings
from launch.console import green, red, say
from launch.supervision.readiness import CHECKS, leading_pids
from launch.supervision.supervisor import Supervisor
from launch.welcome import desk_address
from routing.policy import MAIN


def status() -> bool:
    """Print it; returns whether everything runs and answers. Raises HaloError when nothing runs."""
    home = default_home()
    if not (home / SETTINGS_FILE).exists():
        raise NotFound(f"Halo is not set up in {home}.", "run ./halo up.")
    settings = load_settings(home)
    leading = leading_pids(settings)
    all_well = True
    for state in Supervisor(settings.home).states():
        problem = CHECKS[state.name](settings) if state.pid else state.problem or "is not running"
        all_well &= not problem
        verdict = green(", ".join(filter(None, ("ready", led_by(state.pid, leading))))) if not problem else red(problem)
        pid = f"process {state.pid}" if state.pid else ""
        say(f"  {state.name:<10} {state.state.lower():<9} {pid:<15} {age(state.up_s):>9}  {verdict}")
    say(f"\n  {desk_address(settings)}")
    return all_well


def led_by(pid: int, leading: Mapping[str, int]) -> str:
    """What a process leads, in words: "leads", "leads retail", "leads, retail too"; "" when it leads nothing."""
    led = [name for name, leader in leading.items() if pid and leader == pid]
    partitions = " and ".join(name for name in led if name != MAIN)
    if MAIN not in led:
        return f"leads {partitions}" if partitions else ""
    return f"leads, {partitions} too" if partitions else "leads"


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
