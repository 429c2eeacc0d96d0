"""Walking through the draft of a script, as an agent would: a sample caller, answers, and why each way was taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.flow_names import queue_name
from agent_desktop.json_body import Body, json_body
from agent_desktop.languages import language_here
from agent_desktop.problems import WORDS
from agent_desktop.roles import needs_role
from agent_desktop.script_texts import check_name, own_draft, read, text_in_force
from agent_desktop.script_words import ACTIONS, SAMPLES, fact_words
from agent_desktop.services import services
from core.errors import BadInput, HaloError, NotFound
from scripts.changed_facts import with_facts, written_fact
from scripts.dispositions import for_queue
from scripts.facts import FACTS, Kind, Situation
from scripts.library import Library, ScriptVersion
from scripts.model import LONGEST_TEXT, MOST_PAGES, Script
from scripts.runner import Said, misfit
from scripts.samples import Sample, samples
from scripts.script_file import ScriptText
from scripts.shown_page import Page, show
from scripts.walk import Walk, facts_asked, walk

_LONGEST_NAME, _LONGEST_FACT, _MOST_FACTS = 40, 200, 40

blueprint = Blueprint("script_walk", __name__)


class FactWrong(HaloError):
    """A fact was changed to something that it can't be."""

    code = "fact_wrong"


@dataclass(frozen=True, slots=True)
class FactField:
    """A fact that the script asks about, as it can be changed: `kind` is yes_no, number or words; `text` what it is."""

    name: str
    kind: str
    choices: tuple[str, ...]
    text: str
    changed: bool


@blueprint.post("/api/scripts/<name>/walk")
@needs_role(*SUPERVISING_ROLES)
def step(name: str) -> ResponseReturnValue:
    """Walk through the draft with these answers; the page on which it stands, in both languages, and the last branches.

    It stands on the page of the first answer that is not taken, and says why where that does not fit.
    """
    check_name(name)
    body = json_body()
    found = _draft(name)
    sample = _sample(found.script, body.text("sample", most=_LONGEST_NAME, default=""))
    changes = _facts(body)
    try:
        here = with_facts(sample.situation(), changes)
    except BadInput as problem:
        raise FactWrong(problem.message, problem.next_step) from problem
    answers = _answers(body)
    walked = walk(found.script, here, answers)
    return _shown(found.script, walked, here, sample, changes, answers)


def _shown(
    script: Script, walked: Walk, here: Situation, sample: Sample, changes: Mapping[str, str], answers: list[tuple[str, str]]
) -> str:
    spoken = {language: _page(script, walked, here, sample, language) for language in ("id", "en")}
    taken = len(walked.steps) - 1
    unfit = ""
    if taken < len(answers):
        page, answer = answers[taken]
        why = misfit(script, walked.progress, Said(script.name, page, answer), here.today)
        unfit = " ".join(str(words) for words in WORDS[why][1:]) if why else ""
    opened = _opened(script, here)
    return render_template(
        "scripts/walk.html",
        page=spoken[language_here()], spoken=spoken, walked=walked, taken=taken, unfit=unfit, facts=_fields(script, here, changes),
        opened=None if opened.name == script.name else opened, actions=ACTIONS, fact_words=fact_words, queue_name=queue_name,
        sample=sample, dispositions={code.code: code.label_in(language_here()) for code in for_queue(_queue_of(script))},
    )  # fmt: skip


def _page(script: Script, walked: Walk, here: Situation, sample: Sample, language: str) -> Page:
    return show(script, walked.progress, language, sample.fields(language), here.today)


def _opened(script: Script, here: Situation) -> Script:
    """Which script would open for this caller, were the draft in force."""
    others = [one for one in services().scripts.current().versions if one.script.name != script.name]
    return Library((*others, ScriptVersion(script))).opening(str(here.known.get("queue", "")), here.known).script


def _fields(script: Script, here: Situation, changes: Mapping[str, str]) -> list[FactField]:
    kinds = {Kind.YES_NO: "yes_no", Kind.NUMBER: "number", Kind.AMOUNT: "number"}
    found = []
    for name in dict.fromkeys([*facts_asked(script), *changes]):
        fact = FACTS.get(name)
        if fact is not None:
            text = written_fact(here.known.get(name))
            found.append(FactField(name, kinds.get(fact.kind, "words"), fact.choices, text, name in changes))
    return found


def _draft(name: str) -> ScriptText:
    with services().database.reading() as session:
        draft, current = own_draft(session, name), text_in_force(session, name)
    found = read(draft.content if draft else current.text, name)
    if not isinstance(found, ScriptText):
        raise NotFound("The draft is no script just now.", "Mend what is listed first.")
    return found


def _sample(script: Script, wanted: str) -> Sample:
    found = samples(_queue_of(script), services().clock.now())
    if wanted and wanted not in SAMPLES:
        raise NotFound("There is no such caller.", "Choose one on the page.")
    return next((one for one in found if one.name == wanted), found[0])


def _queue_of(script: Script) -> str:
    return script.queues[0] if script.queues else services().policy().names[0]


def _facts(body: Body) -> dict[str, str]:
    given: Any = body.fields.get("facts", {})
    if not isinstance(given, dict) or len(given) > _MOST_FACTS:
        raise BadInput("The field facts is missing or wrong.", "Load the page again.")
    return {str(name): Body(given).text(name, most=_LONGEST_FACT) for name in given}


def _answers(body: Body) -> list[tuple[str, str]]:
    given: Any = body.fields.get("answers", [])
    if not isinstance(given, list) or len(given) > MOST_PAGES or not all(isinstance(one, dict) for one in given):
        raise BadInput("The field answers is missing or wrong.", "Load the page again.")
    return [(Body(one).text("page", most=_LONGEST_NAME), Body(one).text("answer", most=2 * LONGEST_TEXT)) for one in given]
