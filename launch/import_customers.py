"""`./halo import customers`: customers from a CSV file into this installation's database."""

from pathlib import Path

import crm.import_customers
from core.clock import SystemClock
from core.database import Database
from core.settings import default_home, load_settings
from launch.import_report import say_report
from launch.log_to_file import log_to_file
from routing.agents import load_profiles


def import_customers(file: Path, dry_run: bool) -> bool:
    """Import and print the report; returns whether every line was good. Raises HaloError."""
    settings = load_settings(default_home())
    database = Database(settings.database)
    try:
        with log_to_file(settings.home):
            with database.reading() as session:
                agents = load_profiles(session)
            report = crm.import_customers.import_customers(database, file, SystemClock(), settings.country, agents, dry_run)
    finally:
        database.dispose()
    return say_report(report, dry_run)
