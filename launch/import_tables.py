"""`./halo import products` and `./halo import promotions`: what we sell, from CSV files into this installation's database."""

from collections.abc import Callable
from pathlib import Path

import crm.import_products
from core.database import Database
from core.settings import default_home, load_settings
from crm.import_report import ImportReport
from launch.import_report import say_report
from launch.log_to_file import log_to_file


def import_products(file: Path, dry_run: bool) -> bool:
    """Import and print the report; returns whether every line was good. Raises HaloError."""
    return _run(crm.import_products.import_products, file, dry_run)


def import_promotions(file: Path, dry_run: bool) -> bool:
    """The same of promotions."""
    return _run(crm.import_products.import_promotions, file, dry_run)


def _run(import_: Callable[[Database, Path, bool], ImportReport], file: Path, dry_run: bool) -> bool:
    settings = load_settings(default_home())
    database = Database(settings.database)
    try:
        with log_to_file(settings.home):
            report = import_(database, file, dry_run)
    finally:
        database.dispose()
    return say_report(report, dry_run)
