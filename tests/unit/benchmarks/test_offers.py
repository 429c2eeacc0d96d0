"""The benchmark of offers counts hits as one would by hand, and says what it needs."""

from pathlib import Path

import pytest

from benchmarks.offers import by_factors, by_pairs, by_popularity, measure, read_baskets, tried
from benchmarks.report import Report
from core.errors import BadInput


def test_hits_are_counted_by_hiding_each_product_in_turn() -> None:
    found = tried(lambda have: [0, 1, 2] if 0 not in have else [1, 2], [frozenset({0, 1}), frozenset({0, 2})], products=4)
    # Hidden 0 twice: first each time. Hidden 1: first. Hidden 2: second.
    assert found.recall == {1: 3 / 4, 5: 1.0, 10: 1.0}
    assert found.covered == 3 / 4


def test_pairs_find_what_goes_together_where_best_sellers_do_not(tmp_path: Path) -> None:
    file = tmp_path / "baskets.csv"
    file.write_text("milk\n" * 30 + "nuts,bolts\n" * 10 + "paint,brush\n" * 10, encoding="utf-8")
    baskets, products = read_baskets(file)
    later = [frozenset(baskets[30]), frozenset(baskets[40])]
    assert products == 5
    assert tried(by_pairs(baskets, lambda pair: pair.weight), later, products).recall[1] == 1.0
    assert tried(by_popularity(baskets), later, products).recall[1] == 0.0
    assert tried(by_factors(baskets, products, 4), later, products).recall[5] == 1.0


@pytest.mark.parametrize("file", [None, Path("no_such_file.csv")])
def test_without_data_it_says_what_to_do(file: Path | None) -> None:
    with pytest.raises(BadInput) as problem:
        measure(Report("offers", "Offers", []), file)
    assert "arules" in problem.value.next_step
