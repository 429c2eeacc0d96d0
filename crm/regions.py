"""Places by name, postcode and code: the provinces and larger cities of Indonesia, and other countries."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("regions.yaml")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built
_KIND = re.compile(r"^(kota|kabupaten|kab\.|provinsi|city of)\s+", re.IGNORECASE)
_NO_LETTER = re.compile(r"[^a-z]+")
_WESTERN = "Asia/Jakarta"
_POSTCODE = re.compile(r"\d{5}")


class Confidence(IntEnum):
    """How much a region says of where the caller is."""

    NONE = 0
    LOW = 1  # the country of a mobile: anywhere in it
    MEDIUM = 2  # where a landline was installed
    HIGH = 3  # an address or a postcode


@dataclass(frozen=True, slots=True)
class Region:
    """A city, province or country. `code` is short: "surabaya", "ID-JI", "SG"; degrees are north and east positive;
    `zone` is the time zone, "" of a country."""

    code: str
    name: str
    latitude: float
    longitude: float
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Regions:
    """All of them. A town that is no city of the table is known by its province."""

    by_code: Mapping[str, Region]
    _cities: Mapping[str, str]
    _provinces: Mapping[str, str]
    _towns: Mapping[str, str]
    _postcodes: Mapping[str, str]

    def city(self, name: str) -> Region | None:
        """The city of this name, as people or phonenumbers write it ("Kota Surabaya"), or the province of a smaller town."""
        plain = _plain(name)
        code = self._cities.get(plain) or self._towns.get(plain)
        return self.by_code[code] if code else None

    def province(self, name: str) -> Region | None:
        """The province of this name."""
        code = self._provinces.get(_plain(name))
        return self.by_code[code] if code else None

    def named(self, name: str) -> Region | None:
        """The city, else the province, of this name."""
        code = self._cities.get(_plain(name))
        return self.by_code[code] if code else self.province(name)

    def at_postcode(self, postcode: str) -> Region | None:
        """The province of an Indonesian postcode of five digits."""
        digits = postcode.strip()
        if not _POSTCODE.fullmatch(digits):
            return None
        code = next((self._postcodes[digits[:size]] for size in (3, 2, 1) if digits[:size] in self._postcodes), None)
        return self.by_code[code] if code else None


@cache
def all_regions() -> Regions:
    """The table that Halo ships, read once."""
    table = yaml.load(_FILE.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  (both are safe)
    by_code: dict[str, Region] = {}
    cities: dict[str, str] = {}
    provinces: dict[str, str] = {}
    towns: dict[str, str] = {}
    postcodes: dict[str, str] = {}
    for code, province in table["provinces"].items():
        zone = province.get("zone", _WESTERN)
        by_code[code] = Region(code, province["names"][0], *_where(province["at"]), zone)
        provinces |= {_plain(name): code for name in province["names"]}
        towns |= {_plain(name): code for name in province.get("towns", ())}
        postcodes |= dict.fromkeys(province["postcodes"], code)
        for name, at in province["cities"].items():
            by_code[_plain(name)] = Region(_plain(name), name, *_where(at), zone)
            cities[_plain(name)] = _plain(name)
    by_code |= {code: Region(code, code, *at) for code, at in table["countries"].items()}
    return Regions(by_code, cities, provinces, towns, postcodes)


def _where(at: list[float]) -> tuple[float, float]:
    latitude, longitude = at
    return latitude, longitude


def _plain(name: str) -> str:
    return _NO_LETTER.sub("", _KIND.sub("", name.strip()).lower())
