"""Small scripts for tests, and what hypothesis makes of scripts, answers and situations."""

from datetime import UTC, date, datetime
from typing import Any

import yaml
from hypothesis import strategies as st

from scripts import dispositions, runner
from scripts.facts import FACTS, Kind, Situation
from scripts.library import load_library
from scripts.model import Script
from scripts.progress import Progress
from scripts.runner import Said
from scripts.samples import samples
from scripts.script_file import ScriptText, read_form_of, script_problems

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LIBRARY = load_library()
SCRIPTS = sorted((one.script for one in LIBRARY.versions), key=lambda script: script.name)


def words(text: str) -> dict[str, str]:
    return {"id": text, "en": text}


def page(name: str, **parts: Any) -> dict[str, Any]:
    return {"name": name, "title": words(name), "say": words(f"say {name}")} | parts


def end(name: str = "bye", **parts: Any) -> dict[str, Any]:
    return page(name, **{"dispositions": ["solved"]} | parts)


def script(*pages: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"name": "general", "title": words("General"), "pages": list(pages)} | parts


class _Plain(yaml.SafeDumper):
    """Writes everything out, however often it is the same object."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def text_of(data: object) -> str:
    return yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000)


def read(data: object) -> ScriptText:
    """The script of this data, faults and all."""
    found = read_form_of(text_of(data), "mine.yaml")
    assert isinstance(found, ScriptText), found
    return found


def told(data: object) -> list[str]:
    """What is wrong with it, in words."""
    return [str(problem) for problem in script_problems(text_of(data), "mine.yaml")]


def script_of(data: dict[str, Any]) -> Script:
    """The script of this data, without its text."""
    return Script.model_validate(data)


def on(script: Script, progress: Progress, answer: str, here: Situation, agent: str = "1001") -> Progress:
    """A step further, by this answer to the open page."""
    return runner.step(script, progress, Said(script.name, progress.page, answer, agent), here)


def answered(script: Script, answers: list[str], here: Situation, version: int = 0) -> Progress:
    """Where a call stands after these answers."""
    progress = runner.start(script, version, here)
    for answer in answers:
        progress = on(script, progress, answer, here)
    return progress


def led_on(script: Script, answers: list[str], here: Situation) -> tuple[Progress, list[tuple[str, str]]]:
    """Where a call stands after those of these answers that lead on, nobody going back; and them, each with its page."""
    progress, taken = runner.start(script, 0, here), list[tuple[str, str]]()
    for answer in answers:
        after = on(script, progress, answer, here, agent="")
        if len(after.taken) > len(progress.taken):
            taken.append((progress.page, answer))
            progress = after
    return progress, taken


# What hypothesis makes.
_NUMBERS = st.integers(-40, 40)
_BOUNDS = st.dictionaries(st.sampled_from(["at_least", "at_most", "more_than", "less_than"]), _NUMBERS, min_size=1, max_size=1)
_WORDS_ASKED = st.lists(st.sampled_from(["vip", "bill", "billing", "id", "zzz"]), min_size=1, max_size=2)


def _wanted(kind: Kind, choices: tuple[str, ...]) -> st.SearchStrategy[Any]:
    if kind is Kind.YES_NO:
        return st.booleans()
    if kind in (Kind.NUMBER, Kind.AMOUNT, Kind.DATE):
        return st.one_of(_NUMBERS, _BOUNDS)
    return st.sampled_from(choices) if choices else _WORDS_ASKED


@st.composite
def conditions(draw: st.DrawFn, answers: dict[str, tuple[Kind, tuple[str, ...]]], deep: int = 1) -> dict[str, Any]:
    """A condition over facts and these answers."""
    askable = {name: (fact.kind, fact.choices) for name, fact in FACTS.items()} | answers
    asked = {name: kind for name, kind in askable.items() if kind[0] is not Kind.TEXT}
    names = draw(st.lists(st.sampled_from(sorted(asked)), min_size=1, max_size=2, unique=True))
    drawn: dict[str, Any] = {name: draw(_wanted(*asked[name])) for name in names}
    if deep and draw(st.booleans()):
        drawn["not"] = draw(conditions(answers, deep - 1))
    if deep and draw(st.booleans()):
        drawn["any_of"] = draw(st.lists(conditions(answers, deep - 1), min_size=1, max_size=2))
    return drawn


_QUESTIONS = st.sampled_from(["yes_no", "number", "amount", "date", "text", "choice", "say"])
_KINDS = {"yes_no": Kind.YES_NO, "number": Kind.NUMBER, "amount": Kind.AMOUNT, "date": Kind.DATE, "text": Kind.TEXT}


actions = st.lists(
    st.sampled_from([
        {"does": "write_note", "words": words("note {customer_name}")}, {"does": "open_ticket", "about": "other"},
        {"does": "schedule_call"}, {"does": "offer"}, {"does": "transfer", "to": "sales"},
        {"does": "transfer", "to": "billing", "words": words("{customer_name} {invoice}")},
    ]),
    max_size=3, unique_by=lambda action: action["does"],
)  # fmt: skip
"""What a page may have the desk do, each kind once."""


@st.composite
def good_scripts(draw: st.DrawFn) -> dict[str, Any]:
    """A script without faults: each page leads only to later ones, and all of them are reached."""
    count = draw(st.integers(1, 5))
    kinds = [draw(_QUESTIONS) for _page in range(count)]
    choices = [draw(st.integers(1, 3)) for _page in range(count)]
    pages, answers = [], dict[str, tuple[Kind, tuple[str, ...]]]()
    for index, kind in enumerate(kinds):
        names = tuple(f"c{number}" for number in range(choices[index]))
        own = {} if kind == "say" else {f"answer.p{index}": (_KINDS.get(kind, Kind.WORD), names if kind == "choice" else ())}
        later = st.integers(index + 1, count).map(lambda to: f"p{to}")

        def branches(known: dict[str, Any], following: str, later: st.SearchStrategy[str] = later) -> list[dict[str, Any]]:
            drawn = draw(st.lists(st.fixed_dictionaries({"when": conditions(known), "page": later}), max_size=2))
            different = [one for number, one in enumerate(drawn) if one["when"] not in [each["when"] for each in drawn[:number]]]
            return [*different, {"page": following}]

        # Only what every way has come by may be asked: the last branch of each page leads to the next one.
        parts: dict[str, Any] = {"next": branches({**answers, **own}, f"p{index + 1}")}
        if index and draw(st.booleans()):
            parts["passed_over"] = {"when": draw(conditions(answers)), "next": branches(answers, f"p{index + 1}")}
        if kind == "choice":
            parts["answers"] = [{"name": name, "label": words(name)} for name in names]
        elif kind != "say":
            parts["ask"] = {"type": kind}
        pages.append(page(f"p{index}", actions=draw(actions), **parts))
        answers |= own
    return script(*pages, end(f"p{count}"))


HOSTILE = '<script>alert("x")</script>{customer_name}{{7*7}}\'"&'
values = st.one_of(
    st.booleans(), st.integers(-50, 50), st.sampled_from(["vip", "bill", "billing", "id", HOSTILE]), st.text(max_size=5),
    st.frozensets(st.sampled_from(["bill", "vip"])),
)  # fmt: skip
situations = st.one_of(
    st.sampled_from([sample.situation() for queue in ("billing", "sales") for sample in samples(queue, NOW)]),
    st.builds(Situation, st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dictionaries(st.sampled_from(sorted(FACTS)), values)),
)
ANSWER_NAMES = sorted({answer.name for one in SCRIPTS for each in one.pages for answer in each.answers})
said_texts = st.one_of(
    st.sampled_from([*ANSWER_NAMES, "c0", "c1", "c2", "yes", "no", "next", "back", "", "5", "-3", "Rp 412.000", "2026-03-05",
                     "9" * 400, HOSTILE]),
    st.text(max_size=12),
)  # fmt: skip
any_script = st.one_of(st.sampled_from(SCRIPTS), good_scripts().map(script_of))
CODES = {code.code for code in dispositions.for_queue("general")}
