"""The map of a script and its preview: every page and way is there, and no text can break out of it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from scripts.preview import preview, preview_page
from scripts.samples import samples
from scripts.script_map import PageKind, mermaid, script_map
from scripts.ways import onward
from tests.unit.scripts.small_scripts import HOSTILE, NOW, SCRIPTS, end, good_scripts, page, read, script, script_of, text_of, words

_NODE = re.compile(r'  p_[a-z0-9_]+(?:\["|\[/"|\("|\(\[")[^"]*(?:"\]|"/\]|"\)|"\]\))')
_WAY = re.compile(r'  p_[a-z0-9_]+ (?:-->|-\.->)(?:\|"[^"|]*"\|)? p_[a-z0-9_]+')


@given(st.one_of(st.sampled_from(SCRIPTS), good_scripts().map(script_of)), st.sampled_from(["id", "en"]))
def test_the_map_has_every_page_and_every_way(made: object, language: str) -> None:
    drawn = script_map(made)  # type: ignore[arg-type]
    pages = made.pages  # type: ignore[attr-defined]
    assert [node.page for node in drawn.nodes] == [each.name for each in pages]
    assert {(way.start, way.end) for way in drawn.ways} == {(each.name, to) for each in pages for to in onward(each)}
    first, *lines = mermaid(made, language).splitlines()  # type: ignore[arg-type]
    assert first == "flowchart TD"
    assert len(lines) == len(drawn.nodes) + len(drawn.ways)
    assert all(_NODE.fullmatch(line) or _WAY.fullmatch(line) for line in lines), lines


def test_no_words_break_out_of_a_label() -> None:
    answers = [{"name": "a", "label": words('x"] --> evil;%%'), "next": "bye"}]
    made = read(script(page("first", title=words(HOSTILE), answers=answers), end(title=words("a" * 200)))).script
    lines = mermaid(made).splitlines()[1:]
    assert all(_NODE.fullmatch(line) or _WAY.fullmatch(line) for line in lines), lines
    assert "<script" not in mermaid(made)


def test_what_a_page_is_and_where_it_leads_when_not_shown() -> None:
    made = read(script(
        page("a", passed_over={"when": {"segment": ["vip", "loyal"], "overdue_amount": {"more_than": 0}}, "next": "c"}, next="b"),
        page("b", ask={"type": "yes_no"}, next="c"), page("c", ask={"type": "date"}, next="bye"), end(),
    )).script  # fmt: skip
    drawn = script_map(made)
    assert [node.kind for node in drawn.nodes] == [PageKind.SAY, PageKind.CHOICE, PageKind.QUESTION, PageKind.END]
    skipped = next(way for way in drawn.ways if way.passed_over)
    assert (skipped.start, skipped.end, skipped.when) == ("a", "c", "segment: vip, loyal; overdue_amount > 0")
    assert {way.answer_in("id") for way in drawn.ways if way.start == "b"} == {"Ya", "Tidak"}


def test_a_text_with_faults_is_drawn_and_one_that_is_no_script_is_not() -> None:
    faulty = preview(text_of(script(page("first", next="gone"), end())), "mine.yaml")
    assert [problem.line for problem in faulty.problems] == [13, 14]
    assert faulty.drawn is not None
    assert faulty.drawn.ways == ()
    broken = preview("name: [", "mine.yaml")
    assert (broken.script, broken.drawn, len(broken.problems)) == (None, None, 1)


@given(st.one_of(st.sampled_from(SCRIPTS), good_scripts().map(script_of)), st.data())
def test_every_page_can_be_looked_at_as_any_sample_caller_has_it(made: object, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(made.pages))  # type: ignore[attr-defined]
    for sample in samples("billing", NOW):
        shown = preview_page(made, one.name, sample, "en")  # type: ignore[arg-type]
        assert shown.name == one.name
        assert "your answer" not in shown.say
