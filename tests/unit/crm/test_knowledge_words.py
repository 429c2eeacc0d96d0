"""Articles as text: what is shown can do no harm, what is searched is found by its stem, what is marked is what was asked."""

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from crm.knowledge_words import excerpt, indexed, nearest, words_of
from crm.markdown_text import to_html, to_plain

_TAGS = frozenset({
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
})  # fmt: skip
_ATTRIBUTES = frozenset({"href", "title", "rel", "target", "start", "class"})
pieces = st.sampled_from([
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](data:text/html,hi)", "![p](http://e.vil/p.png)",
    "<img src=x onerror=y>", "# Title", "**bold**", "`code`", "| a | b |\n|:--|---|\n| 1 | 2 |", "- one", "> said",
    "[ok](https://example.com)", "\n\n", " ", "&lt;b&gt;", "<a href='javascript:x'>", "[x]: javascript:y",
    "<https://example.com>", "```html\n<b>\n```", "&#106;avascript:",
])  # fmt: skip


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@given(st.lists(pieces | st.text(max_size=20), max_size=12).map("".join))
def test_whatever_is_written_only_harmless_tags_come_out(text: str) -> None:
    seen = Seen()
    seen.feed(str(to_html(text)))
    for tag, attributes in seen.tags:
        assert tag in _TAGS
        assert set(attributes) <= _ATTRIBUTES
        assert re.match(r"(https?://|mailto:|[^:]*$)", attributes.get("href") or "", re.IGNORECASE), attributes


def test_no_table_brings_styles_that_the_page_would_refuse() -> None:
    assert "style=" not in to_html("| a | b |\n|:--|--:|\n| 1 | 2 |")


def test_headings_stand_below_the_title_and_links_open_beside() -> None:
    html = str(to_html("# One\n\n[x](https://example.com)"))
    assert "<h2>One</h2>" in html
    assert 'rel="noopener noreferrer"' in html


def test_the_plain_text_has_the_words_and_no_signs() -> None:
    assert to_plain("# A *b*\n\n- one `two`\n- [three](https://x.example)\n\n| c |\n|---|\n| d |") == "A b\none two\nthree\nc\nd"


def test_a_word_is_found_by_its_stem_in_its_language() -> None:
    assert "deliveri" in indexed("Deliveries", "en").split()
    assert "bayar" in indexed("Pembayaran", "id").split()
    assert words_of("Crème-brûlée No. 5_x") == ["creme", "brulee", "no", "5", "x"]


def test_a_misspelt_word_means_the_nearest_and_a_strange_one_nothing() -> None:
    known = ["garansi", "pengiriman", "warranty", "refund"]
    assert nearest("garnasi", known) == "garansi"
    assert nearest("warrenty", known) == "warranty"
    assert nearest("refnud", known) == "refund"
    assert nearest("kucing", known) == ""
    assert nearest("gar", known) == ""


@given(st.text(max_size=600), st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=6), max_size=3))
def test_an_excerpt_is_part_of_the_text_escaped_and_marks_only_what_was_asked(text: str, wanted: list[str]) -> None:
    shown = str(excerpt(text, wanted))
    assert not re.sub(r"</?mark>", "", shown).count("<")
    for marked in re.findall("<mark>(.*?)</mark>", shown, re.DOTALL):
        assert words_of(marked), marked


def test_an_excerpt_shows_the_part_in_which_the_word_stands() -> None:
    text = "Lorem ipsum dolor sit amet. " * 20 + "The warranty lasts <one> year. " + "And more of it. " * 20
    shown = str(excerpt(text, ["warranty"]))
    assert "The <mark>warranty</mark> lasts &lt;one&gt; year" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
