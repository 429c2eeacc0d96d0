"""What can be wrong with a script beyond its form: dead ends, pages nobody reaches, circles, unknown fields."""

from scripts import dispositions
from scripts.model import Script, Wording
from scripts.wording import wording_problems


def script_problems(script: Script) -> list[str]:
    """Everything wrong with this script, each with its place; [] when an agent can use it safely."""
    links = dead_links(script)
    circles = [] if links else circle(script)
    return [*links, *unreached(script), *circles, *_unended(script), *_wrong_words(script)]


def dead_links(script: Script) -> list[str]:
    """Answers that lead to no page."""
    return [
        f"page {page.name}, answer {answer.name}: there is no page {answer.next!r}"
        for page in script.pages
        for answer in page.answers
        if script.page(answer.next) is None
    ]


def unreached(script: Script) -> list[str]:
    """Pages to which no way leads from the first one."""
    reached, waiting = set(), [script.first.name]
    while waiting:
        page = script.page(waiting.pop())
        if page is not None and page.name not in reached:
            reached.add(page.name)
            waiting.extend(answer.next for answer in page.answers)
    return [f"page {page.name}: no answer leads here" for page in script.pages if page.name not in reached]


def circle(script: Script) -> list[str]:
    """The pages on a circle, if any: going back is the runner's work, so a script only leads on, and therefore ends."""
    onward = {page.name: {answer.next for answer in page.answers} for page in script.pages}
    while finished := {name for name, following in onward.items() if not following & onward.keys()}:
        onward = {name: following for name, following in onward.items() if name not in finished}
    return [f"pages {', '.join(onward)}: they lead round in a circle or into one"] if onward else []


def _unended(script: Script) -> list[str]:
    offered = {code.code for code in dispositions.for_queue(script.queue)}
    problems = []
    for page in script.pages:
        if not page.answers and not page.dispositions:
            problems.append(f"page {page.name}: a dead end, neither answers nor dispositions")
        if page.answers and page.dispositions:
            problems.append(f"page {page.name}: dispositions belong on a page without answers")
        problems += [
            f"page {page.name}: queue {script.queue} does not offer the disposition {code!r}"
            for code in page.dispositions
            if code not in offered
        ]
    return problems


def _wrong_words(script: Script) -> list[str]:
    places: list[tuple[str, Wording]] = [("title", script.title)]
    for page in script.pages:
        places += [(f"page {page.name}, title", page.title), (f"page {page.name}, say", page.say)]
        places += [(f"page {page.name}, answer {answer.name}", answer.label) for answer in page.answers]
    return [
        f"{place}, {language}: {problem}"
        for place, wording in places
        for language in ("id", "en")
        for problem in wording_problems(wording.in_language(language))
    ]
