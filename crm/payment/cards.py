"""Card data on its way from a caller to the gateway: it is never printed, stored or copied, only handed on."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NoReturn

_HIDDEN = "(hidden)"


class CardBrand(StrEnum):
    VISA = "visa"
    MASTERCARD = "mastercard"
    JCB = "jcb"
    AMEX = "amex"
    UNIONPAY = "unionpay"
    MAESTRO = "maestro"


_MAESTRO = ("5018", "5020", "5038", "5893", "6304", "6759", "6761", "6762", "6763")
# Source: ISO/IEC 7812 issuer ranges as the brands publish them: (first prefix, last prefix, lengths).
_RANGES = (
    (CardBrand.VISA, "4", "4", (13, 16, 19)),
    (CardBrand.MASTERCARD, "51", "55", (16,)),
    (CardBrand.MASTERCARD, "2221", "2720", (16,)),
    (CardBrand.JCB, "3528", "3589", (16,)),
    (CardBrand.AMEX, "34", "34", (15,)),
    (CardBrand.AMEX, "37", "37", (15,)),
    (CardBrand.UNIONPAY, "62", "62", (16, 17, 18, 19)),
    *((CardBrand.MAESTRO, prefix, prefix, tuple(range(12, 20))) for prefix in _MAESTRO),
)
LONGEST = 19
# Of the lengths that a brand's range allows, the one that its cards have: the others are hardly ever seen.
_USUAL = {CardBrand.VISA: 16}


class _Hidden:
    """Digits that only `reveal()` shows: not in any text of it, not pickled, not copied."""

    __slots__ = ("__digits",)

    def __init__(self, digits: str) -> None:
        self.__digits = digits

    def reveal(self) -> str:
        """The digits, for the gateway alone."""
        return self.__digits

    def __repr__(self) -> str:
        return f"{type(self).__name__}{_HIDDEN}"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is neither pickled nor copied")

    def __getstate__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is neither pickled nor copied")


class CardNumber(_Hidden):
    """A card number whose length, issuer and check digit are right."""

    __slots__ = ()

    @property
    def brand(self) -> CardBrand:
        """Whose card it is."""
        brand = _brand_of(self.reveal())
        assert brand is not None  # read() lets no other in
        return brand


class SecurityCode(_Hidden):
    """The three (American Express: four) digits beside the card's signature."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CardExpiry:
    """The month in which a card ends; it is good until its last day."""

    year: int
    month: int

    def is_over(self, today: date) -> bool:
        """Whether the card is no longer good."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1]) < today


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that a gateway wants to charge a card; `security_code` may be missing."""

    number: CardNumber
    expiry: CardExpiry
    security_code: SecurityCode | None = field(default=None)


def read_card_number(typed: str) -> CardNumber | None:
    """The number that a caller typed; None when it can't be one (length, issuer, Luhn's check digit)."""
    if not (typed.isascii() and typed.isdigit()) or _brand_of(typed) is None or not passes_luhn(typed):
        return None
    return CardNumber(typed)


def card_lengths(beginning: str) -> frozenset[int]:
    """How many digits a card number may have that begins so; none when no card does.

    One that is right at its brand's usual length has no others: what comes behind it is the card's expiry.
    """
    brand = _brand_of(beginning)
    if brand in _USUAL and len(beginning) == _USUAL[brand] and passes_luhn(beginning):
        return frozenset({len(beginning)})
    found: set[int] = set()
    for _brand, first, last, lengths in _RANGES:
        known = min(len(first), len(beginning))
        if first[:known] <= beginning[:known] <= last[:known]:
            found.update(lengths)
    return frozenset(found)


def read_expiry(typed: str) -> CardExpiry | None:
    """Four keys, month and year ("0728"); None when there is no such month."""
    if len(typed) != 4 or not (typed.isascii() and typed.isdigit()) or not 1 <= int(typed[:2]) <= 12:
        return None
    return CardExpiry(2000 + int(typed[2:]), int(typed[:2]))


def read_security_code(typed: str, brand: CardBrand) -> SecurityCode | None:
    """The code that a caller typed; None when it has not as many digits as this brand's cards."""
    wanted = 4 if brand is CardBrand.AMEX else 3
    return SecurityCode(typed) if len(typed) == wanted and typed.isascii() and typed.isdigit() else None


def passes_luhn(digits: str) -> bool:
    """Whether the last digit checks the others. Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _brand_of(digits: str) -> CardBrand | None:
    for brand, first, last, lengths in _RANGES:
        if first <= digits[: len(first)] <= last and len(digits) in lengths:
            return brand
    return None
