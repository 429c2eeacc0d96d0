"""What differs between two versions of a script, part by part: what was, what will be. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scripts.condition_words import condition_words
from scripts.model import Next, Script, ScriptPage, Wording


@dataclass(frozen=True, slots=True)
class Changed:
    """A part with what it was and will be, as short lines; "" for nothing. `part` is a name such as "say.id", or "answers.yes"."""

    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PageChange:
    """A page that is new (`before` None), gone (`after` None), or says or does something else."""

    name: str
    before: ScriptPage | None
    after: ScriptPage | None
    parts: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class ScriptDifference:
    """`whole` is of the script itself; `pages` in the order in which they come. `moved`: the same pages stand in another order."""

    whole: tuple[Changed, ...]
    pages: tuple[PageChange, ...]
    moved: bool


def script_difference(before: Script, after: Script) -> ScriptDifference:
    """What makes the second script of the first."""
    old, new = {page.name: page for page in before.pages}, {page.name: page for page in after.pages}
    changes = []
    for name in dict.fromkeys([*new, *old]):
        parts = _parts(old.get(name), new.get(name))
        if parts or name not in old or name not in new:
            changes.append(PageChange(name, old.get(name), new.get(name), parts))
    moved = [name for name in old if name in new] != [name for name in new if name in old]
    return ScriptDifference(tuple(_differing(_of_script(before), _of_script(after))), tuple(changes), moved)


def _of_script(script: Script) -> dict[str, str]:
    return {
        **_wording("title", script.title), "queues": ", ".join(script.queues), "priority": str(script.priority),
        "opens_when": condition_words(script.opens_when) if script.opens_when else "", "first": script.first.name,
    }  # fmt: skip


def _parts(before: ScriptPage | None, after: ScriptPage | None) -> tuple[Changed, ...]:
    return tuple(_differing(_of_page(before) if before else {}, _of_page(after) if after else {}))


def _of_page(page: ScriptPage) -> dict[str, str]:
    """Everything that is said, asked and done on a page, each by its own name."""
    found = {**_wording("title", page.title), **_wording("say", page.say)}
    for answer in page.answers:
        found |= _wording(f"answers.{answer.name}", answer.label)
        found |= {f"answers.{answer.name}.next": _way(answer.next)}
    if page.ask is not None:
        ask = page.ask
        bounds = [f"{name} {limit}" for name, limit in (("at_least", ask.at_least), ("at_most", ask.at_most)) if limit is not None]
        found["ask"] = ", ".join([ask.type.value, *bounds, *(["may_be_empty"] if ask.may_be_empty else [])])
        found |= _wording("ask.label", ask.label) if ask.label else {}
        found |= {"ask.yes": _way(ask.yes), "ask.no": _way(ask.no)}
    found["next"] = _way(page.next)
    if page.passed_over is not None:
        found["passed_over"] = f"{condition_words(page.passed_over.when)} → {_way(page.passed_over.next)}"
    for action in page.actions:
        data: dict[str, Any] = action.model_dump(exclude_none=True, exclude={"does", "words"})
        found[f"actions.{action.does}"] = ", ".join([action.does, *map(str, data.values())])
        words = getattr(action, "words", None)
        found |= _wording(f"actions.{action.does}.words", words) if words else {}
    found["dispositions"] = ", ".join(page.dispositions)
    return {name: text for name, text in found.items() if text}


def _wording(part: str, wording: Wording) -> dict[str, str]:
    return {f"{part}.id": wording.id, f"{part}.en": wording.en}


def _way(way: Next) -> str:
    return "; ".join(f"{condition_words(branch.when)} → {branch.page}" if branch.when else branch.page for branch in way)


def _differing(before: dict[str, str], after: dict[str, str]) -> Iterator[Changed]:
    for part in dict.fromkeys([*after, *before]):
        was, will_be = before.get(part, ""), after.get(part, "")
        if was != will_be:
            yield Changed(part, was, will_be)
