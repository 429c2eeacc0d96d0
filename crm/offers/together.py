"""What goes together: from who bought what to pairs of products with their share and lift. Pure.

Of n customers, a bought the one product, b the other, and both of them `both`. Share is both / a: so many of the first's buyers
took the second, too. Lift is both * n / (a * b): so many times as often as if the two had nothing to do with each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Pair:
    """Of `buyers` of the product `bought`, `both` bought `other`, too."""

    bought: int
    other: int
    buyers: int
    both: int
    lift: float

    @property
    def share(self) -> float:
        """Which part of the one's buyers took the other."""
        return self.both / self.buyers

    @property
    def weight(self) -> float:
        """What it speaks for the other: by share alone everybody is offered the best seller, by lift alone the oddest thing.
        Their product with the root of the lift found most of what was hidden in real baskets (`benchmarks offers`)."""
        return self.share * sqrt(self.lift)


@dataclass(frozen=True, slots=True)
class Togetherness:
    """Pairs by the product bought, the weightiest first; and how many bought each product, of `customers` in all."""

    customers: int
    buyers: Mapping[int, int]
    pairs: tuple[Pair, ...]


def goes_together(bought: Iterable[tuple[int, int]], least_together: int, least_lift: float, kept: int) -> Togetherness:
    """Count pairs of (customer, product); the same pair twice counts once.

    A pair of products counts when at least `least_together` customers bought both and its lift is `least_lift` or more;
    `kept` are kept for each product.
    """
    from scipy.sparse import csr_matrix  # takes a while to load, and is needed by the worker alone

    rows = sorted(set(bought))
    customers = {key: place for place, key in enumerate(sorted({customer for customer, _product in rows}))}
    products = sorted({product for _customer, product in rows})
    places = {key: place for place, key in enumerate(products)}
    if not rows:
        return Togetherness(0, {}, ())
    here = [customers[customer] for customer, _product in rows], [places[product] for _customer, product in rows]
    matrix = csr_matrix(([1] * len(rows), here), shape=(len(customers), len(products)), dtype="int64")
    buyers = [int(each) for each in matrix.sum(axis=0).A1]
    both = (matrix.T @ matrix).tocsr()
    pairs: list[Pair] = []
    for place, product in enumerate(products):
        row = both.getrow(place)
        found = [
            Pair(
                product, products[other], buyers[place], int(count), _lift(int(count), buyers[place], buyers[other], len(customers))
            )
            for other, count in zip(row.indices.tolist(), row.data.tolist(), strict=True)
            if other != place and count >= least_together
        ]
        found = [pair for pair in found if pair.lift >= least_lift]
        pairs += sorted(found, key=_weightiest)[:kept]
    return Togetherness(len(customers), dict(zip(products, buyers, strict=True)), tuple(pairs))


def best_together(pairs: Sequence[Pair]) -> list[tuple[int, float, Pair]]:
    """Of all pairs whose first product somebody owns: (other, weights added up, the weightiest pair for it), the best first."""
    weights: dict[int, float] = {}
    leading: dict[int, Pair] = {}
    for pair in sorted(pairs, key=_weightiest):
        weights[pair.other] = weights.get(pair.other, 0.0) + pair.weight
        leading.setdefault(pair.other, pair)
    return sorted(((key, weight, leading[key]) for key, weight in weights.items()), key=lambda each: (-each[1], each[0]))


def _lift(both: int, first: int, second: int, customers: int) -> float:
    return both * customers / (first * second)


def _weightiest(pair: Pair) -> tuple[float, int, int]:
    return -pair.weight, pair.bought, pair.other
