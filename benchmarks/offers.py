"""How much of what customers really bought the offers would have found: baskets of which one product is hidden, by time."""

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from implicit.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix

from benchmarks.report import Report
from core.clock import stopwatch_s
from core.errors import BadInput
from crm.offers.together import Pair, best_together, goes_together

_TRAINED = 0.8  # of the baskets, the oldest
_AT = (1, 5, 10)
_COVERED_AT = 5
_LEAST_TOGETHER, _KEPT = 5, 1000
_FACTORS = (4, 8, 16)
# The best of nine on an earlier cut of the same baskets; much weaker ones find less than the best sellers do.
_REGULARIZATION, _ALPHA, _ROUNDS, _SEED = 50.0, 1.0, 30, 1
_NO_DATA_STEP = (
    "Give --data a file of baskets: one in a line, the oldest first, products parted by commas. The set Groceries of R's arules "
    "is one: write(Groceries, 'groceries.csv', format='basket', sep=',')."
)

Basket = frozenset[int]
Recommend = Callable[[Sequence[int]], Sequence[int]]
"""The products to offer to whoever has these, the best first, none of these among them."""


@dataclass(frozen=True, slots=True)
class Found:
    """`recall` by how many are offered; `covered`: the share of all products that are ever among the first five."""

    recall: Mapping[int, float]
    covered: float


def measure(report: Report, file: Path | None) -> None:
    """Fill the report from a file of baskets, the oldest first, one in a line, products parted by commas.

    Raises BadInput where there is none.
    """
    if file is None:
        raise BadInput("There are no baskets to measure with.", _NO_DATA_STEP)
    baskets, products = read_baskets(file)
    cut = int(len(baskets) * _TRAINED)
    known, later = baskets[:cut], [basket for basket in baskets[cut:] if len(basket) > 1]
    table = report.table(
        f"{file.name}: {len(baskets)} baskets, {products} products; counted in the first {cut}, tried on {len(later)} later ones, "
        "each product hidden in turn",
        "offers by", *(f"recall@{at}" for at in _AT), f"coverage@{_COVERED_AT}", "counting s",
    )  # fmt: skip
    for name, make in _ways(known, products).items():
        began_s = stopwatch_s()
        recommend = make()
        counting_s = stopwatch_s() - began_s
        found = tried(recommend, later, products)
        shares = [f"{found.recall[at]:.1%}" for at in _AT]
        table.add(name, *shares, f"{found.covered:.0%}", f"{counting_s:.2f}")


def read_baskets(file: Path) -> tuple[list[Basket], int]:
    """The baskets, products as numbers, and how many products there are. Raises BadInput."""
    if not file.is_file():
        raise BadInput(f"There is no file {file}.", _NO_DATA_STEP)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [[cell.strip() for cell in row if cell.strip()] for row in csv.reader(lines)]
    numbers = {name: number for number, name in enumerate(sorted({name for row in rows for name in row}))}
    return [frozenset(numbers[name] for name in row) for row in rows if row], len(numbers)


def tried(recommend: Recommend, baskets: Sequence[Basket], products: int) -> Found:
    """Hide each product of each basket in turn, and see whether it is offered for the rest."""
    hits: Counter[int] = Counter()
    tries, ever = 0, set()
    for basket in baskets:
        for hidden in sorted(basket):
            offered = list(recommend(sorted(basket - {hidden}))[: max(_AT)])
            tries += 1
            ever.update(offered[:_COVERED_AT])
            hits.update(at for at in _AT if hidden in offered[:at])
    return Found({at: hits[at] / tries for at in _AT}, len(ever) / products)


def _ways(known: Sequence[Basket], products: int) -> Mapping[str, Callable[[], Recommend]]:
    factorised = {
        f"matrix factorisation (implicit's ALS, {factors} factors)": lambda factors=factors: by_factors(known, products, factors)
        for factors in _FACTORS
    }
    return {
        "Halo: share × √lift, added up": lambda: by_pairs(known, lambda pair: pair.weight),
        "share alone (confidence)": lambda: by_pairs(known, lambda pair: pair.share),
        "lift alone": lambda: by_pairs(known, lambda pair: pair.lift),
        "most popular": lambda: by_popularity(known),
        **factorised,
    }


def by_popularity(known: Sequence[Basket]) -> Recommend:
    """The best sellers."""
    counted = Counter(product for basket in known for product in basket)
    ranked = sorted(counted, key=lambda product: (-counted[product], product))
    return lambda have: [product for product in ranked if product not in have]


def by_pairs(known: Sequence[Basket], weight: Callable[[Pair], float]) -> Recommend:
    """What goes together, as the desk ranks it with another weight; then the best sellers."""
    rows = ((number, product, 0.0) for number, basket in enumerate(known) for product in basket)
    counted = goes_together(rows, _LEAST_TOGETHER, 1.0, _KEPT)
    of: dict[int, list[Pair]] = {}
    for pair in counted.pairs:
        of.setdefault(pair.bought, []).append(pair)
    popular = by_popularity(known)

    def recommend(have: Sequence[int]) -> Sequence[int]:
        pairs = [pair for product in have for pair in of.get(product, ())]
        ranked = [other for other, _weight, _pair in best_together(pairs, weight) if other not in have]
        return ranked + [product for product in popular(have) if product not in ranked]

    return recommend


def by_factors(known: Sequence[Basket], products: int, factors: int) -> Recommend:
    """Matrix factorisation of implicit feedback (Hu, Koren and Volinsky 2008), folding a new basket in."""
    cells = [(number, product) for number, basket in enumerate(known) for product in sorted(basket)]
    shape = (len(known), products)
    matrix = csr_matrix((np.ones(len(cells)), tuple(zip(*cells, strict=True))), shape=shape)
    model = AlternatingLeastSquares(
        factors=factors, regularization=_REGULARIZATION, iterations=_ROUNDS, random_state=_SEED, num_threads=1, alpha=_ALPHA
    )  # fmt: skip
    model.fit(matrix, show_progress=False)

    def recommend(have: Sequence[int]) -> Sequence[int]:
        row = csr_matrix((np.ones(len(have)), ([0] * len(have), list(have))), shape=(1, products))
        found, _scores = model.recommend(0, row, N=max(_AT), recalculate_user=True, filter_already_liked_items=True)
        return [int(product) for product in found]

    return recommend
