"""Reads a policy that people wrote as YAML, and says where it can't be used."""

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
from routing.needs import relaxed
from routing.policy import Asking, Policy
from routing.policy_examples import example_of
from routing.site_check import site_contradictions

SHIPPED_FILE = Path(__file__).with_name("policy.yaml")
MOST_PARTITIONS = 32  # each is a lease that every process watches
LONGEST_POLICY = 400_000  # characters; 200 queues with their rings have about a quarter of it
_NEXT_STEP = "Correct the policy and try again."

_WORDS: Mapping[str, Advice] = {
    "no queue": ("There is no queue.", "Write at least one under `queues`."),
    "one of four": ("%(part)s: this is no need.", "Write one of `skill`, `all_of`, `any_of` and `some_of`."),
    "at_least without skill": ("%(part)s: `at_least` belongs to a `skill`.", "For some of several, write `some_of` and `count`."),
    "count of some_of": ("%(part)s: `some_of` goes with a `count`.", "Write `count`: from 1 to as many as there are parts."),
    "one thing that makes it overflow": (
        "%(part)s: one thing makes a queue overflow.",
        "Write `waiting`, `expected_wait_s`, `unstaffed: true` or `closes_within_s`.",
    ),
    "an overflow that does nothing": ("%(part)s: nothing is done then.", "Add `also` or `offer_callback: true`."),
    "a ring that changes nothing": ("%(part)s: this ring changes nothing.", "Add `drop`, `lower` or `also`, or take it out."),
    "a free wrap-up has no time": ("%(part)s: a free wrap-up has no time.", "Take `for_s` out, or write mode: fixed."),
    "only an extendable wrap-up is extended": (
        "%(part)s: `extend_s` and `at_most_s` go with mode: extendable.",
        "Write that mode, or take them out.",
    ),
    "at_most_s beyond for_s": ("%(part)s: `at_most_s` is no longer than `for_s`.", "Use a larger `at_most_s`."),
    "near_km or share": (
        "%(part)s: write either `near_km`, with `widen` where wanted, or `share`.",
        "Such as {near_km: 0, any_after_s: 60} or {share: {jakarta: 60, surabaya: 40}, any_after_s: 60}.",
    ),
    "each wider ring later": (
        "%(part)s: each ring must begin later and reach farther than the one before, `any_after_s` last of all.",
        "Put `after_s` and `km` in their order.",
    ),
    "no such place": (
        "%(part)s: this city or province is not known.",
        "Write one such as Surabaya, or {latitude: -7.26, longitude: 112.75}.",
    ),
    "no time zone": ("%(part)s: there is no such time zone.", "Write a name such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura."),
    "no opening times": (
        "%(part)s: these are no opening times.",
        "Write 08:00-17:00, a list of such, or closed; all day is 00:00-24:00.",
    ),
    "no days of the week": ("%(part)s: these are no days.", "Write daily, one such as mon, or two in order as in mon-fri."),
    "a day twice": ("%(part)s: a day stands here twice.", "Name each day once."),
    "take or nothing": ("%(part)s: this word is not known here.", "Write take, or leave it out."),
    "always or days": ("%(part)s: these are no hours.", "Write always, or days with times such as {mon-fri: 08:00-17:00}."),
    "rings in the order": ("%(part)s: its rings are not in the order of `after_s`.", "Let each begin later than the one before."),
}
_TYPES: Mapping[str, Advice] = {
    "literal_error": ("%(part)s: a language is id or en.", "Use one of the two."),
    "string_too_long": ("%(part)s is too long.", "Use at most 60 letters."),
    "too_short": ("%(part)s has too few parts.", "Write %(limit)s or more."),
    "string_pattern_mismatch": (
        "%(part)s: a name is made of small letters, digits, _ and -, and begins with a letter.", "Write it so; reports show it.",
    ),
}  # fmt: skip

_OTHER_WORDS = {"and": "all_of", "or": "any_of"}  # as many write needs at first

_MISFORMED = frozenset({"model_type", "model_attributes_type", "tuple_type", "dict_type", "mapping_type", "string_type"})


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy with its text and the line on which each part of it stands. `source` names where it comes from."""

    policy: Policy
    text: str
    lines: Mapping[YamlPath, int]
    source: str

    def place(self, *path: str | int) -> str:
        """The place of a part as people find it: "policy.yaml, line 12"."""
        return f"{self.source}, line {line_of(self.lines, path)}"


def read_policy(text: str, source: str) -> PolicyText:
    """The policy of a YAML text. Raises Faults that names every part that does not fit, with its line."""
    found = read_or_tell(text, source)
    if isinstance(found, PolicyText):
        return found
    raise Faults(found, _NEXT_STEP)


def read_or_tell(text: str, source: str) -> PolicyText | list[Problem]:
    """The policy of a YAML text, or everything that keeps it from being one, in the order of its lines."""
    if len(text) > LONGEST_POLICY:
        return [Problem(f"{source}, line 1", f"The policy has more than {LONGEST_POLICY} letters.", "Shorten it.")]
    policy, lines, problems = read_form(text, source, Policy, _words)
    if policy is None:
        return problems
    found = PolicyText(policy, text, lines, source)
    return sorted(_contradictions(found), key=lambda problem: problem.line) or found


def read_policy_file(file: Path) -> PolicyText:
    """The policy in a file; see read_policy."""
    try:
        return read_policy(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{file} can't be read: {problem}.", "Check the file's name; it must be YAML in UTF-8.") from None


@cache
def shipped_policy() -> PolicyText:
    """The policy that Halo ships, read once."""
    return read_policy_file(SHIPPED_FILE)


def _words(error: Any) -> Advice | None:
    if error["type"] == "value_error":
        return signed_words(error, _WORDS)
    if error["type"] == "extra_forbidden" and error["loc"][-1] in _OTHER_WORDS:
        return "%(part)s is not known here.", f"Write {_OTHER_WORDS[error['loc'][-1]]}, or take it out."
    example = example_of(error["loc"]) if error["type"] in _MISFORMED else None
    if example is not None:
        return "%(part)s does not have the right form.", f"Write it so: {example}"
    return typed_words(error, _TYPES)


def _contradictions(found: PolicyText) -> Iterator[Problem]:
    """Where one part of a policy does not go with another."""
    policy, names = found.policy, [queue.name for queue in found.policy.queues]
    known = f"Use one of: {', '.join(dict.fromkeys(names))}."
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem(found.place("queues", index, "name"), f"There are two queues {name}.", "Give each a name of its own.")
    if policy.fallback not in names:
        yield Problem(found.place("fallback"), f"There is no queue {policy.fallback}.", known)
    yield from site_contradictions(policy, found.place)
    yield from _many_partitions(found)
    for index, queue in enumerate(policy.queues):
        for number, ring in enumerate(queue.rings):
            if ring.also is not None and ring.also not in names:
                yield Problem(found.place("queues", index, "rings", number, "also"), f"There is no queue {ring.also}.", known)
            elif ring.also == queue.name:
                place = found.place("queues", index, "rings", number, "also")
                yield Problem(place, f"The queue {queue.name} can't add its own agents.", "Name another queue.")
            elif ring.also is not None and ring.also in [before.also for before in queue.rings[:number]]:
                place = found.place("queues", index, "rings", number, "also")
                yield Problem(place, f"The agents of {ring.also} help before that.", "Name another queue, or take it out.")
        for number, overflow in enumerate(queue.overflow):
            place = found.place("queues", index, "overflow", number, "also")
            if overflow.also is not None and overflow.also not in names:
                yield Problem(place, f"There is no queue {overflow.also}.", known)
            elif overflow.also == queue.name:
                yield Problem(place, f"The queue {queue.name} can't add its own agents.", "Name another queue.")
        yield from _idle_rings(found, queue, "queues", index)
    for language, asking in policy.languages.items():
        for number, ring in enumerate(asking.rings):
            if ring.also is not None:
                place = found.place("languages", language, "rings", number, "also")
                yield Problem(place, "A language has no other queue.", "Write `also` in the rings of a queue.")
        yield from _idle_rings(found, asking, "languages", language)


def _many_partitions(found: PolicyText) -> Iterator[Problem]:
    for name in found.policy.partitions[MOST_PARTITIONS:]:
        index = next(index for index, queue in enumerate(found.policy.queues) if queue.partition == name)
        what = f"There are more than {MOST_PARTITIONS} partitions."
        yield Problem(found.place("queues", index, "partition"), what, "Put queues together in one, or leave it out.")


def _idle_rings(found: PolicyText, asking: Asking, *path: str | int) -> Iterator[Problem]:
    """What a ring relaxes that is not asked for, or no longer, or no more than that."""
    needs = asking.at_first()
    for number, ring in enumerate(asking.rings):
        for skill in ring.drop:
            if skill not in needs.skills():
                place = found.place(*path, "rings", number, "drop")
                yield Problem(place, f"The skill {skill} is not asked for here.", "Take it out of `drop`.")
        for skill, at_least in ring.lower.items():
            place = found.place(*path, "rings", number, "lower", skill)
            if skill in ring.drop:
                yield Problem(place, f"The skill {skill} is dropped and lowered in one ring.", "Keep one of the two.")
            elif relaxed(needs, (), {skill: at_least}) == needs:
                what = f"The skill {skill} is not asked for at more than {at_least} here."
                yield Problem(place, what, "Lower it further, or take it out.")
        needs = relaxed(needs, ring.drop, ring.lower)
