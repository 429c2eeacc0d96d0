"""The map of a script: its pages and the ways between them, as data for a picture and as Mermaid text."""

import re
from dataclasses import dataclass
from enum import StrEnum

from scripts.answers import ON, yes_no_words
from scripts.condition_words import condition_words
from scripts.model import QuestionType, Script, ScriptPage
from scripts.ways import exits

_UNSAFE = re.compile(r'["#&;<>`\\\[\]{}|]')
_LONGEST_LABEL = 60


class PageKind(StrEnum):
    """What happens on a page."""

    CHOICE = "choice"
    QUESTION = "question"
    SAY = "say"
    END = "end"


@dataclass(frozen=True, slots=True)
class MapNode:
    """A page: its name, its title in each language, and what it does; `actions` are what the desk does there."""

    page: str
    title_id: str
    title_en: str
    kind: PageKind
    actions: tuple[str, ...]

    def title_in(self, language: str) -> str:
        """The title as people of this language read it."""
        return self.title_id if language == "id" else self.title_en


@dataclass(frozen=True, slots=True)
class MapWay:
    """A way: `answer` names it in each language ("" for whatever is answered), `when` is its condition as it is written ("" for
    none). `passed_over`: the first page is not shown then."""

    start: str
    end: str
    answer_id: str
    answer_en: str
    when: str
    passed_over: bool = False

    def answer_in(self, language: str) -> str:
        """The answer as people of this language read it."""
        return self.answer_id if language == "id" else self.answer_en


@dataclass(frozen=True, slots=True)
class ScriptMap:
    """Every page in the order of the script, and every way."""

    nodes: tuple[MapNode, ...]
    ways: tuple[MapWay, ...]


def script_map(script: Script) -> ScriptMap:
    """The map of a script, whatever may be wrong with it: ways to pages that there are not are left out."""
    nodes = tuple(
        MapNode(page.name, page.title.id, page.title.en, _kind(page), tuple(action.does for action in page.actions))
        for page in script.pages
    )
    ways = (way for page in script.pages for way in _ways(page))
    return ScriptMap(nodes, tuple(way for way in ways if script.page(way.end) is not None))


def mermaid(script: Script, language: str = "en") -> str:
    """The map as Mermaid's flowchart, in one language."""
    drawn = script_map(script)
    lines = ["flowchart TD"]
    for node in drawn.nodes:
        opening, closing = {
            PageKind.CHOICE: ("[", "]"), PageKind.QUESTION: ("[/", "/]"), PageKind.SAY: ("(", ")"), PageKind.END: ("([", "])"),
        }[node.kind]  # fmt: skip
        extra = "".join(f"<br/>{action.replace('_', ' ')}" for action in node.actions)
        lines.append(f'  p_{node.page}{opening}"{_safe(node.title_in(language))}{extra}"{closing}')
    for way in drawn.ways:
        label = " · ".join(part for part in (way.answer_in(language), way.when) if part)
        arrow = "-.->" if way.passed_over else "-->"
        said = f'|"{_safe(label)}"|' if label else ""
        lines.append(f"  p_{way.start} {arrow}{said} p_{way.end}")
    return "\n".join(lines) + "\n"


def _kind(page: ScriptPage) -> PageKind:
    if page.is_end:
        return PageKind.END
    if page.answers or (page.ask is not None and page.ask.type is QuestionType.YES_NO):
        return PageKind.CHOICE
    return PageKind.QUESTION if page.ask is not None else PageKind.SAY


def _ways(page: ScriptPage) -> list[MapWay]:
    found: dict[MapWay, None] = {}
    if page.passed_over is not None:
        skipped = condition_words(page.passed_over.when)
        for branch in page.passed_over.next:
            when = "; ".join([skipped, *([condition_words(branch.when)] if branch.when else [])])
            found[MapWay(page.name, branch.page, "", "", when, passed_over=True)] = None
    labels = {answer.name: answer.label for answer in page.answers}
    words = {language: dict(yes_no_words(language)) for language in ("id", "en")}
    for one in exits(page):
        label = labels.get(one.answer)
        said = {
            language: label.in_language(language) if label else words[language].get(one.answer, "") for language in ("id", "en")
        }
        if one.answer in ("", ON) and not label:
            said = {"id": "", "en": ""}
        for branch in one.branches:
            when = condition_words(branch.when) if branch.when else ""
            found[MapWay(page.name, branch.page, said["id"], said["en"], when)] = None
    return list(found)


def _safe(text: str) -> str:
    """Text that can neither end a label nor be taken for markup: Mermaid reads #35; as a sign by its number."""
    short = text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"
    return _UNSAFE.sub(lambda found: f"#{ord(found.group())};", " ".join(short.split()))
