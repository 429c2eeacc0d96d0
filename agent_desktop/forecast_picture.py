"""Pictures of forecasts and staff: what is expected with its band, what came, and who is needed. Geometry only."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_desktop.interval_picture import Bar, GridLine, Scale


@dataclass(frozen=True, slots=True)
class ForecastPicture:
    """Bars are what came, or what is expected if nothing else is shown; `line` what is expected, `later` what is expected by now,
    `steps` agents and `heads` those to be paid. "" draws nothing."""

    bars: tuple[Bar, ...]
    grid: tuple[GridLine, ...]
    band: str = ""
    line: str = ""
    later: str = ""
    steps: str = ""
    heads: str = ""


def draw_expected(callers: Sequence[float], low: Sequence[float], high: Sequence[float]) -> ForecastPicture:
    """What is expected as bars, with its band."""
    scale = Scale(len(callers), max([1, *high, *callers]))
    return ForecastPicture(scale.bars(callers), scale.grid, scale.band(low, high), scale.line(callers))


def draw_held(
    came: Sequence[float], callers: Sequence[float], low: Sequence[float], high: Sequence[float], later: Sequence[float]
) -> ForecastPicture:  # fmt: skip
    """What came as bars, against what was expected; `later` is of the last intervals."""
    scale = Scale(len(callers), max([1, *high, *callers, *came, *later]))
    return ForecastPicture(
        scale.bars([*came, *[0.0] * (len(callers) - len(came))]), scale.grid, scale.band(low, high), scale.line(callers),
        scale.line(later, len(callers) - len(later)) if later else "",
    )  # fmt: skip


def draw_staff(callers: Sequence[float], agents: Sequence[int], heads: Sequence[int]) -> ForecastPicture:
    """Callers as bars, agents and heads as steps."""
    scale = Scale(len(callers), max([1, *callers, *agents, *heads]))
    paid = scale.steps(heads) if list(heads) != list(agents) else ""
    return ForecastPicture(scale.bars(callers), scale.grid, steps=scale.steps(agents), heads=paid)
