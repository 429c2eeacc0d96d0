"""Geometry of the small pictures."""

from agent_desktop.interval_picture import HEIGHT, WIDTH, draw
from agent_desktop.sparkline import HEIGHT as SPARK_HEIGHT
from agent_desktop.sparkline import area_points, line_points


def points(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


def test_a_sparkline_runs_from_edge_to_edge_and_its_highest_value_is_highest() -> None:
    line = points(line_points([0, 3, 1]))
    assert (line[0][0], line[-1][0]) == (0, 120)
    assert min(line, key=lambda point: point[1]) == line[1]
    assert all(0 <= y <= SPARK_HEIGHT for _x, y in line)


def test_a_flat_zero_line_lies_at_the_bottom() -> None:
    assert {y for _x, y in points(line_points([0, 0, 0]))} == {SPARK_HEIGHT - 1}


def test_too_few_values_make_no_picture() -> None:
    assert line_points([4]) == area_points([4]) == ""


def test_bars_of_a_day_stay_in_the_picture_and_grow_with_their_value() -> None:
    picture = draw([0, 5, 10], [0.0, None, 2.5], [0, 2, None])
    heights = [bar.height for bar in picture.bars]
    assert heights == sorted(heights)
    assert heights[0] == 0
    assert all(0 <= bar.x <= WIDTH and 0 <= bar.y <= HEIGHT for bar in picture.bars)


def test_the_grid_names_zero_and_reaches_above_the_tallest_bar() -> None:
    picture = draw([7], [1.0], [3])
    assert picture.grid[0].label == 0
    assert picture.grid[-1].label >= 7
    assert picture.grid[-1].y <= picture.bars[0].y
