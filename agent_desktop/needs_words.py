"""What is needed of an agent, in the reader's words."""

from agent_desktop.texts import _
from routing.needs import LOWEST, AtLeast, Need, Needs, Nothing


def needs_words(needs: Needs) -> list[str]:
    """Each part that must be met: "billing 2+", "one of javanese, sunda 3+"; nothing for everybody."""
    if isinstance(needs, Nothing):
        return []
    if isinstance(needs, AtLeast) and needs.count == len(needs.parts):
        return [_part(part) for part in needs.parts]
    return [_part(needs)]


def _part(need: Need) -> str:
    if not isinstance(need, AtLeast):
        name = need.name.replace("_", " ")
        return name if need.at_least == LOWEST else f"{name} {need.at_least}+"
    parts = ", ".join(_part(part) for part in need.parts)
    if need.count == len(need.parts):
        return _("all of (%(parts)s)", parts=parts)
    if need.count == 1:
        return _("one of (%(parts)s)", parts=parts)
    return _("%(count)d of (%(parts)s)", count=need.count, parts=parts)
