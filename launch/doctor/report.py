"""Prints findings."""

from collections.abc import Sequence

from launch.console import green, red, say
from launch.doctor.finding import Finding

_SUBJECT_WIDTH = 24


def print_findings(findings: Sequence[Finding]) -> int:
    """Print all, those that are wrong with their next step; returns the exit code."""
    for finding in findings:
        mark = green("ok ") if finding.well else red("BAD")
        say(f"  {mark} {finding.subject:<{_SUBJECT_WIDTH}} {finding.what}")
        if not finding.well:
            say(f"      {'':<{_SUBJECT_WIDTH}} Next step: {finding.next_step}")
    wrong = sum(not finding.well for finding in findings)
    say(f"\n{wrong} of {len(findings)} checks found something wrong." if wrong else f"\nAll {len(findings)} checks are well.")
    return 1 if wrong else 0
