"""Phone numbers as they exist in Indonesia: operators' prefixes, area codes that match the town, valid lengths."""

from random import Random

from crm.demo.shop import Town
from crm.phone_numbers import to_e164

# Prefixes by operator with the digits that follow; the older blocks are a digit shorter.
_MOBILE = (
    *((prefix, 8) for prefix in ("0812", "0813", "0821", "0822", "0823", "0852", "0853")),  # Telkomsel
    ("0811", 7),
    *((prefix, 8) for prefix in ("0815", "0856", "0857", "0858")),  # Indosat
    ("0816", 7),
    *((prefix, 8) for prefix in ("0817", "0818", "0819", "0859", "0877", "0878")),  # XL
    *((prefix, 8) for prefix in ("0895", "0896", "0897", "0898")),  # Tri
    *((prefix, 8) for prefix in ("0881", "0882", "0888")),  # Smartfren
    *((prefix, 8) for prefix in ("0831", "0838")),  # Axis
)
_LARGE_TOWN_CODE_LENGTH = 3


class NumberBook:
    """Gives out numbers, none of them twice. Every one is valid by the numbering plan that `phonenumbers` knows."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def mobile(self) -> str:
        """A mobile number in E.164."""
        while True:
            prefix, length = self._chance.choice(_MOBILE)
            number = self._new(prefix + self._digits(length))
            if number:
                return number

    def fixed(self, town: Town) -> str:
        """A fixed line of this town in E.164."""
        length = 7 if len(town.area_code) == _LARGE_TOWN_CODE_LENGTH else 6
        while True:
            number = self._new(f"{town.area_code}{self._chance.randint(3, 8)}{self._digits(length - 1)}")
            if number:
                return number

    def _digits(self, length: int) -> str:
        return "".join(self._chance.choices("0123456789", k=length))

    def _new(self, national: str) -> str | None:
        number = to_e164(national, "ID")
        if number is None or number in self._given:
            return None
        self._given.add(number)
        return number
