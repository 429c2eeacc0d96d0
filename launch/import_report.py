"""What an import says at its end: every fault with its place, and what became of the rows."""

from crm.import_report import ImportReport
from launch.console import red, say

_SHOWN_ERRORS = 50


def say_report(report: ImportReport, dry_run: bool) -> bool:
    """Print it; returns whether every line was good."""
    for error in report.errors[:_SHOWN_ERRORS]:
        place = f"line {error.line}" + (f", {error.column}" if error.column else "")
        say(f"  {red(place)}: {error.message}")
    if len(report.errors) > _SHOWN_ERRORS:
        say(f"  … and {len(report.errors) - _SHOWN_ERRORS} more")
    would = "would be " if dry_run else ""
    counts = [f"{report.created} {would}created", f"{report.updated} {would}updated", f"{report.unchanged} unchanged"]
    say(f"{', '.join(counts)}, {len(report.errors)} errors.")
    return report.ok
