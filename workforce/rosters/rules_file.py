"""Reads the rules and shift patterns that people wrote as YAML, and says where they can't be used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import BadInput
from core.problem import Faults, Problem
from core.yaml_form import Advice, read_form
from core.yaml_places import YamlPath, line_of
from core.yaml_words import signed_words, typed_words
from workforce.rosters.rules_form import PatternForm, RosterRules
from workforce.rosters.shift_pattern import Break, ShiftPattern

SHIPPED_FILE = Path(__file__).with_name("rules.yaml")
_NEXT_STEP = "Correct the rules and try again."
_WORDS: Mapping[str, Advice] = {
    "a time of the day": ("%(part)s: this is no time of the day.", "Write it like 08:30."),
    "no window of a break": (
        "%(part)s: this is no window.",
        "Write `after_min: [first, last]` in minutes after the start, `last` some `every_min` after `first`.",
    ),
    "until before from": ("%(part)s: `until` comes before `from`.", "A shift may run into the next day, its start may not."),
    "breaks one after the other": ("%(part)s: the windows of two breaks overlap.", "Let each begin when the one before is over."),
    "a break past the end": ("%(part)s: a break may end after the shift.", "Let it begin earlier."),
}
_TYPES: Mapping[str, Advice] = {
    "string_pattern_mismatch": (
        "%(part)s: a name is made of small letters, digits, _ and -, and begins with a letter.", "Write it so.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RulesText:
    """Rules with their text, and the line on which each part of it stands. `source` names where it comes from."""

    rules: RosterRules
    text: str
    lines: Mapping[YamlPath, int]
    source: str

    def place(self, *path: str | int) -> str:
        """The place of a part as people find it: "rules.yaml, line 12"."""
        return f"{self.source}, line {line_of(self.lines, path)}"

    @property
    def patterns(self) -> tuple[ShiftPattern, ...]:
        """The shift patterns."""
        return tuple(_pattern(form) for form in self.rules.patterns)


def read_rules(text: str, source: str) -> RulesText:
    """The rules of a YAML text. Raises Faults that names every part that does not fit, with its line."""
    rules, lines, problems = read_form(text, source, RosterRules, _words)
    if rules is None:
        raise Faults(problems, _NEXT_STEP)
    found = RulesText(rules, text, lines, source)
    problems = sorted(_contradictions(found), key=lambda one: one.line)
    if problems:
        raise Faults(problems, _NEXT_STEP)
    return found


def read_rules_file(file: Path) -> RulesText:
    """The rules in a file; see read_rules."""
    try:
        return read_rules(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{file} can't be read ({type(problem).__name__}).", "Check that it is there and is UTF-8 text.") from None


@cache
def shipped_rules() -> RulesText:
    """The rules that Halo ships, read once."""
    return read_rules_file(SHIPPED_FILE)


def longest_on_end_min(pattern: ShiftPattern, least_min: int) -> int:
    """The longest work without a break of `least_min` that the windows of the pattern's breaks allow."""
    at, longest = 0, 0
    for each in pattern.breaks:
        if each.minutes >= least_min:
            longest = max(longest, each.last_min - at)
            at = each.first_min + each.minutes
    return max(longest, pattern.minutes - at)


def _pattern(form: PatternForm) -> ShiftPattern:
    until = form.from_time if form.until is None else form.until
    breaks = tuple(Break(each.name, each.minutes, *each.after_min, each.every_min, each.paid) for each in form.breaks)
    starts = tuple(range(form.from_time, until + 1, form.every_min))
    length, after = round(form.hours * 60), frozenset(form.not_followed_by)
    return ShiftPattern(form.name, starts, length, breaks, after, form.label, form.days_a_week)


def _contradictions(found: RulesText) -> Iterator[Problem]:
    names = [form.name for form in found.rules.patterns]
    rest = found.rules.rules.rest_in_shift
    for index, pattern in enumerate(found.patterns):
        place = found.place("patterns", index)
        if pattern.name in names[:index]:
            yield Problem(place, f"There are two patterns {pattern.name}.", "Give each a name of its own.")
        for other in sorted(pattern.not_followed_by - set(names)):
            yield Problem(place, f"There is no pattern {other}.", f"Use some of: {', '.join(names)}.")
        longest = longest_on_end_min(pattern, rest.least_min) if rest else 0
        if rest and longest > rest.after_h * 60:
            what = f"{pattern.name} can have {longest / 60:g} hours on end, more than the {rest.after_h:g} of rest_in_shift."
            yield Problem(place, what, f"Narrow the windows of its breaks, or add one of {rest.least_min} minutes or more.")


def _words(error: Any) -> Advice | None:
    return signed_words(error, _WORDS) if error["type"] == "value_error" else typed_words(error, _TYPES)
