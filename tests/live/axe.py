"""axe-core on a page in the browser: everything that keeps somebody out, by the rules of WCAG 2.2 A and AA and good practice."""

from dataclasses import dataclass

from playwright.sync_api import Page

from launch.install.javascript_bundle import FRONTEND

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# By `evaluate`, which a page's Content-Security-Policy does not stop. What moves without end is left out.
_SETTLED = """
() => Promise.allSettled(
  document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished))
"""
_RUN = "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


@dataclass(frozen=True, slots=True)
class Barrier:
    """One rule broken at one place; `why` as axe says it."""

    rule: str
    place: str
    why: str


def barriers(page: Page) -> list[Barrier]:
    """What axe finds on the page as it is now; what fades in or out has come to its end."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(_SETTLED)
    found = page.evaluate(_RUN, list(RULES))
    return [
        Barrier(rule["id"], " ".join(map(str, node["target"])), node["failureSummary"])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
