"""Markdown that people write, as HTML that can do no harm, and as plain text for searching."""

from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_BLOCKS = frozenset({"paragraph_close", "heading_close", "list_item_close", "td_close", "th_close", "tr_close"})


@cache
def _markdown() -> MarkdownIt:
    """CommonMark and tables. No HTML, and no pictures: a page shows nothing that comes from elsewhere."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def to_html(text: str) -> Markup:
    """Safe HTML: what looks like a tag is shown as it was typed, and links lead by http, https or mail only."""
    tokens = _markdown().parse(text)
    for token in _all(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"  # the title of the article is the page's own heading
        token.attrs.pop("style", None)  # a page takes no styles but its own
        if token.type == "link_open":
            token.attrSet("rel", "noopener noreferrer")
            token.attrSet("target", "_blank")
    return Markup(_markdown().renderer.render(tokens, _markdown().options, {}))  # noqa: S704  # html is off: all text is escaped


def to_plain(text: str) -> str:
    """The words alone, in one line for each block."""
    parts: list[str] = []
    for token in _all(_markdown().parse(text)):
        if token.type in ("text", "code_inline", "fence", "code_block"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type in _BLOCKS:
            parts.append("\n")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.children is None:
            yield token
        else:
            yield from token.children
