"""What a change of a script means, in plain words page by page: what was, what will be."""

from agent_desktop.change_groups import ChangeGroup, ChangeLine
from agent_desktop.languages import language_here
from agent_desktop.script_words import part_words
from agent_desktop.texts import _
from scripts.model import Script
from scripts.script_difference import Changed, PageChange, script_difference


def difference_words(before: Script, after: Script) -> tuple[ChangeGroup, ...]:
    """What makes the second script of the first; nothing when they say the same."""
    found = script_difference(before, after)
    whole = [_line(one) for one in found.whole]
    if found.moved:
        whole.append(ChangeLine(_("Order of the pages"), "", ", ".join(page.name for page in after.pages)))
    groups = [ChangeGroup(_("The whole script"), "changed", tuple(whole), "page")] if whole else []
    return (*groups, *(_page(change) for change in found.pages))


def _page(change: PageChange) -> ChangeGroup:
    page = change.after or change.before
    title = page.title.in_language(language_here()) if page is not None else ""
    kind = "new" if change.before is None else "gone" if change.after is None else "changed"
    lines = () if kind == "gone" else tuple(_line(one) for one in change.parts)
    return ChangeGroup(_("Page %(name)s: %(title)s", name=change.name, title=title), kind, lines, "page")


def _line(change: Changed) -> ChangeLine:
    return ChangeLine(part_words(change.part), change.before, change.after)
