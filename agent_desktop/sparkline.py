"""The small picture of the last hour: points of an SVG line, no more."""

from collections.abc import Sequence

WIDTH, HEIGHT = 120, 28


def line_points(values: Sequence[float]) -> str:
    """SVG points for these values from left to right; the tallest touches the top, zero the bottom."""
    if len(values) < 2:
        return ""
    top = max(max(values), 1)
    step = WIDTH / (len(values) - 1)
    return " ".join(f"{number * step:.1f},{HEIGHT - 1 - (HEIGHT - 3) * value / top:.1f}" for number, value in enumerate(values))


def area_points(values: Sequence[float]) -> str:
    """The same line closed along the bottom, for filling."""
    line = line_points(values)
    return f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}" if line else ""
