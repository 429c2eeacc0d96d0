"""`./halo tickets check`: whether a file of targets is good, and what it says."""

from pathlib import Path
from zoneinfo import ZoneInfo

from core.settings import default_home, load_settings
from crm.ticket_targets import OWN_FILE, PRIORITIES, SHIPPED_FILE, load_targets
from crm.working_time import WorkingWeek
from launch.console import say


def check_targets(file: Path | None) -> None:
    """Say by when tickets are promised, by default as in force. Raises Faults that names every line that is wrong."""
    home = default_home()
    own = home / OWN_FILE
    file = file or (own if own.exists() else SHIPPED_FILE)
    targets = load_targets(file, ZoneInfo(load_settings(home).time_zone))
    counted = "hours of work" if isinstance(targets.time, WorkingWeek) else "hours, day and night"
    say(f"{file} is good. Due after so many {counted}:")
    for category, hours in targets.hours.items():
        begins = PRIORITIES[targets.priorities[category] - 1]
        told = ", ".join(f"{name} {value:g}" for name, value in zip(PRIORITIES, hours, strict=True))
        say(f"  {category}: {told}; begins {begins}")
