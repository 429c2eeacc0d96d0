"""What goes together: from who bought what and when to pairs of products with their share and lift. Pure.

Of n customers, a bought the one product, b the other, and c of them both; t of these took the other with the one or later. Share
is t / a: so many of the one's buyers then took the other. Lift is c * n / (a * b): so many times as often as if the two had
nothing to do with each other. With share alone, whoever buys a bracket would be offered the television that they hang on it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

_MOST_OF_ONE = 200
"""Products of one customer that are paired with each other: whoever buys for resale would outweigh everybody."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Of `buyers` of the product `bought`, `then` took `other` with it or later."""

    bought: int
    other: int
    buyers: int
    then: int
    lift: float

    @property
    def share(self) -> float:
        """Which part of the one's buyers then took the other."""
        return self.then / self.buyers

    @property
    def weight(self) -> float:
        """What it speaks for the other: by share alone everybody is offered the best seller, by lift alone the oddest thing.
        The share times the root of the lift finds as much of what is hidden in real baskets as the share does, and offers half as
        much again of the range (`benchmarks offers`)."""
        return self.share * sqrt(self.lift)


@dataclass(frozen=True, slots=True)
class Togetherness:
    """Pairs, the weightiest first of each product bought; and how many bought each product, of `customers` in all."""

    customers: int
    buyers: Mapping[int, int]
    pairs: tuple[Pair, ...]


def goes_together(bought: Iterable[tuple[int, int, float]], least_together: int, least_lift: float, kept: int) -> Togetherness:
    """Count (customer, product, when), `when` any number that grows with time; of the same product twice the first counts.

    A pair counts when at least `least_together` customers took the other with the one or later, and its lift is `least_lift` or
    more; `kept` are kept for each product.
    """
    import numpy as np  # these take a while to load, and only the worker needs them
    from scipy.sparse import coo_array

    first: dict[tuple[int, int], float] = {}
    for customer, product, when in bought:
        key = customer, product
        first[key] = min(when, first.get(key, when))
    if not first:
        return Togetherness(0, {}, ())
    rows = sorted((customer, when, product) for (customer, product), when in first.items())
    products = sorted({product for _customer, _when, product in rows})
    places = {product: place for place, product in enumerate(products)}
    whose = np.array([row[0] for row in rows])
    when_s = np.array([row[1] for row in rows])
    what = np.array([places[row[2]] for row in rows])
    shape = len(products), len(products)
    earlier, later, with_it, it_with = [], [], [], []
    longest = int(np.unique(whose, return_counts=True)[1].max())
    for apart in range(1, min(longest, _MOST_OF_ONE)):
        same = whose[:-apart] == whose[apart:]
        one, other = what[:-apart][same], what[apart:][same]
        at_once = when_s[:-apart][same] == when_s[apart:][same]
        earlier.append(one)
        later.append(other)
        with_it.append(other[at_once])
        it_with.append(one[at_once])

    def counted(rows_: list[np.ndarray], columns: list[np.ndarray]) -> "coo_array":
        at = (np.concatenate(rows_), np.concatenate(columns)) if rows_ else (what[:0], what[:0])
        return coo_array((np.ones(len(at[0]), dtype=np.int64), at), shape=shape).tocsr()

    in_order = counted(earlier, later)
    both = in_order + in_order.T
    then = (in_order + counted(with_it, it_with)).tocoo()
    buyers = np.bincount(what, minlength=len(products))
    customers = len(np.unique(whose))
    together = both[then.row, then.col] if then.nnz else then.data
    lifts = together * customers / (buyers[then.row] * buyers[then.col])
    enough = (then.data >= least_together) & (lifts >= least_lift)
    found: dict[int, list[Pair]] = {}
    for row, column, count, lift in zip(then.row[enough], then.col[enough], then.data[enough], lifts[enough], strict=True):
        pair = Pair(products[row], products[column], int(buyers[row]), int(count), float(lift))
        found.setdefault(pair.bought, []).append(pair)
    pairs = [pair for product in sorted(found) for pair in sorted(found[product], key=_weightiest)[:kept]]
    return Togetherness(customers, {key: int(count) for key, count in zip(products, buyers, strict=True)}, tuple(pairs))


def best_together(
    pairs: Sequence[Pair], weight: Callable[[Pair], float] = lambda pair: pair.weight
) -> list[tuple[int, float, Pair]]:  # fmt: skip
    """Of all pairs whose first product somebody owns: (other, weights added up, the weightiest pair for it), the best first."""
    weights: dict[int, float] = {}
    leading: dict[int, Pair] = {}
    for pair in sorted(pairs, key=_weightiest):
        weights[pair.other] = weights.get(pair.other, 0.0) + weight(pair)
        leading.setdefault(pair.other, pair)
    return sorted(((key, total, leading[key]) for key, total in weights.items()), key=lambda each: (-each[1], each[0]))


def _weightiest(pair: Pair) -> tuple[float, int, int]:
    return -pair.weight, pair.bought, pair.other
