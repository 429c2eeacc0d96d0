"""The pages' styles are one sheet: what is said of a drawing's line must not hold for a form that happens to have its class."""

import re
from collections import Counter

from tests.architecture.project import ROOT

_STYLES = ROOT / "agent_desktop/frontend/src/styles"
_TEMPLATES = ROOT / "agent_desktop/templates"
_RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")
_PRESSED = re.compile(r"<(?:form|button|dialog|a|input|select|textarea|label|fieldset)\b[^>]*?\bclass=\"(?P<names>[^\"]*)\"")


def test_nothing_that_is_pressed_is_kept_from_the_mouse_by_a_class_of_the_same_name() -> None:
    deaf = {
        selector.strip().removeprefix(".")
        for sheet in _STYLES.glob("*.css")
        for rule in _RULE.finditer(sheet.read_text(encoding="utf-8"))
        if "pointer-events: none" in rule["body"]
        for selector in rule["selectors"].split(",")
        if re.fullmatch(r"\s*\.[\w-]+\s*", selector)
    }
    assert deaf, "the sheets say of some drawings that they are not pressed"
    pressed = {
        (template.name, name)
        for template in _TEMPLATES.rglob("*.html")
        for tag in _PRESSED.finditer(template.read_text(encoding="utf-8"))
        for name in tag["names"].split()
        if name in deaf
    }
    assert not pressed


def test_no_two_sheets_lay_out_a_class_of_the_same_name_as_a_grid() -> None:
    """What customers were found became columns of the articles that were found."""
    laid_out = Counter(
        name
        for sheet in _STYLES.glob("*.css")
        for name in {
            selector.strip()
            for rule in _RULE.finditer(re.sub(r"@media[^{]*\{", "", sheet.read_text(encoding="utf-8")))
            if "display: grid" in rule["body"] or "grid-template-columns" in rule["body"]
            for selector in rule["selectors"].split(",")
            if re.fullmatch(r"\s*\.[\w-]+\s*", selector)
        }
    )
    assert laid_out
    assert [name for name, sheets in laid_out.items() if sheets > 1] == []
