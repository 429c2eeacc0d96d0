"""Demo customers: who they are, where they live, how they are reached, what they allowed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from faker import Faker

from crm.customer_numbers import FIRST_SERIAL, customer_number
from crm.customers import ConsentPurpose, Language, PhoneKind
from crm.demo.names import Names, PersonName
from crm.demo.numbers import NumberBook
from crm.demo.shop import Town, weighted

_LANGUAGES = ((Language.INDONESIAN, 85), (Language.ENGLISH, 8), (None, 7))
_ORDER_COUNTS = ((0, 6), (1, 30), (2, 25), (3, 15), (4, 9), (5, 6), (6, 4), (8, 3), (11, 2))
_LOYAL_FROM, _VIP_FROM = 3, 6
# Shares who granted and who refused; the others were never asked.
_CONSENTS = (
    (ConsentPurpose.RECORDING, 0.86, 0.08),
    (ConsentPurpose.SURVEY, 0.55, 0.15),
    (ConsentPurpose.TELEMARKETING, 0.42, 0.26),
)
_SOURCES = ("website", "checkout", "call", "store")
_MAIL_DOMAINS = ("example.com", "example.net", "example.org")  # reserved: nobody real is written to
_LONGEST_MEMBERSHIP_DAYS = 8 * 365


@dataclass(frozen=True, slots=True)
class Person:
    """One demo customer with everything that hangs on it; `row` fits the table of customers."""

    row: dict[str, object]
    town: Town
    since: datetime
    order_count: int
    phones: tuple[tuple[str, str], ...]
    emails: tuple[str, ...]
    consents: tuple[dict[str, object], ...]


class People:
    """Makes demo customers as of a moment (aware)."""

    def __init__(self, indonesian: Faker, english: Faker, towns: list[Town], chance: Random, as_of: datetime) -> None:
        self._names = Names(indonesian, english)
        self._streets, self._chance, self._as_of = indonesian, chance, as_of
        self._towns = [(town, town.weight) for town in towns]
        self._numbers = NumberBook(chance)
        self._home_lines: list[tuple[Town, str, str, str]] = []

    def draw(self, number: int) -> Person:
        """The customer with this running number."""
        chance = self._chance
        language = weighted(chance, _LANGUAGES)
        name = self._names.draw(chance, language)
        town, address, postcode, home_line = self._home()
        since = self._as_of - timedelta(
            days=30 + int(chance.random() ** 1.4 * _LONGEST_MEMBERSHIP_DAYS), seconds=chance.randrange(86400)
        )
        order_count = weighted(chance, _ORDER_COUNTS)
        return Person(
            row={
                "external_id": customer_number(FIRST_SERIAL + number),
                "name": name.full,
                "honorific": name.honorific,
                "language": language,
                "address": address,
                "city": town.city,
                "province": town.province,
                "postcode": postcode,
                "segment": "vip" if order_count >= _VIP_FROM else "loyal" if order_count >= _LOYAL_FROM else "regular",
                "customer_since": since.date(),
                "created_at": since,
                "updated_at": since,
            },
            town=town,
            since=since,
            order_count=order_count,
            phones=self._phones(town, home_line),
            emails=self._emails(name, number),
            consents=tuple(self._consents(since)),
        )

    def _home(self) -> tuple[Town, str, str, str]:
        """Town, address, postcode and home line ("" for none); now and then those of somebody before: a household."""
        chance = self._chance
        if self._home_lines and chance.random() < 0.03:
            return chance.choice(self._home_lines)
        town = weighted(chance, self._towns)
        line = self._numbers.fixed(town) if chance.random() < 0.28 else ""
        address = f"{self._streets.street_name()} No. {int(chance.triangular(1, 180, 12))}"
        home = (town, address, str(chance.randint(*town.postcodes)), line)
        if line:
            self._home_lines.append(home)
        return home

    def _phones(self, town: Town, home_line: str) -> tuple[tuple[str, str], ...]:
        phones = [(self._numbers.mobile(), PhoneKind.MOBILE)]
        if self._chance.random() < 0.06:
            phones.append((self._numbers.mobile(), PhoneKind.MOBILE))
        if home_line:
            phones.append((home_line, PhoneKind.HOME))
        if self._chance.random() < 0.04:
            phones.append((self._numbers.fixed(town), PhoneKind.WORK))
        return tuple(phones)

    def _emails(self, name: PersonName, number: int) -> tuple[str, ...]:
        if self._chance.random() < 0.14:
            return ()
        plain = unicodedata.normalize("NFKD", name.full.lower()).encode("ascii", "ignore").decode()
        user = re.sub(r"[^a-z]+", ".", plain).strip(".")
        return (f"{user}{number}@{self._chance.choice(_MAIL_DOMAINS)}",)

    def _consents(self, since: datetime) -> list[dict[str, object]]:
        consents: list[dict[str, object]] = []
        for purpose, granted_share, refused_share in _CONSENTS:
            drawn = self._chance.random()
            if drawn < granted_share + refused_share:
                given_at = since + timedelta(seconds=int((self._as_of - since).total_seconds() * self._chance.random()))
                granted, source = drawn < granted_share, self._chance.choice(_SOURCES)
                consents.append({"purpose": purpose, "granted": granted, "source": source, "given_at": given_at})
        return consents
