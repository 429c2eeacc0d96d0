"""Where callers are: by address, typed postcode or number, and how sure that is."""

import subprocess
import sys

import phonenumbers
import pytest
from phonenumbers import geocoder
from phonenumbers.geodata import GEOCODE_DATA

from crm import area_codes
from crm.area_codes import town_of
from crm.regions import Confidence, all_regions
from crm.whereabouts import Address, Whereabouts, by_number, where_is

SURABAYA = "+62315551234"


@pytest.mark.parametrize(("address", "typed", "ani", "region", "confidence"), [
    (Address("Kota Malang", "Jawa Timur"), "40111", SURABAYA, "malang", Confidence.HIGH),
    (Address("Kabupaten Bogor"), "", "", "bogor", Confidence.HIGH),
    (Address("Trenggalek", "Jawa Timur"), "", SURABAYA, "ID-JI", Confidence.HIGH),
    (Address("Nowhere", "Nowhere", "29433"), "", SURABAYA, "ID-KR", Confidence.HIGH),
    (Address(), "90111", SURABAYA, "ID-SN", Confidence.HIGH),
    (Address(), "9011", SURABAYA, "surabaya", Confidence.MEDIUM),
    (Address(), "", "+62215551234", "ID-JK", Confidence.MEDIUM),
    (Address(), "", "+624115551234", "makassar", Confidence.MEDIUM),
    (Address(), "", "+62811234567", "ID", Confidence.LOW),
    (Address(), "", "+6568881234", "SG", Confidence.MEDIUM),
    (Address(), "", "+6591234567", "SG", Confidence.LOW),
    (Address(), "", "", "", Confidence.NONE),
    (Address(), "", "+62000", "", Confidence.NONE),
])  # fmt: skip
def test_the_surest_thing_that_is_known_counts(address: Address, typed: str, ani: str, region: str, confidence: Confidence) -> None:
    assert where_is(address, typed, ani) == Whereabouts(region, confidence)


def test_every_province_and_country_lies_on_the_earth_and_indonesia_where_it_is() -> None:
    regions = all_regions().by_code.values()
    provinces = [region for region in regions if region.code.startswith("ID-")]
    assert len(provinces) == 38
    for region in regions:
        assert -90 <= region.latitude <= 90
        assert -180 <= region.longitude <= 180
        if len(region.code) > 2:
            assert -11.1 <= region.latitude <= 6.1, region.name
            assert 95 <= region.longitude <= 141.1, region.name
        else:
            assert region.code in phonenumbers.SUPPORTED_REGIONS


def test_every_indonesian_area_code_leads_to_a_region() -> None:
    towns = {names["en"] for prefix, names in GEOCODE_DATA.items() if prefix.startswith("62")}
    lost = [town for town in towns if all_regions().city(town.split("/")[0]) is None]
    assert lost == []


def test_towns_are_those_of_the_library_and_its_memory_is_not_needed_for_them() -> None:
    for prefix in (prefix for prefix in GEOCODE_DATA if prefix.startswith("62")):
        number = f"+{prefix}{'5551234567'[: 11 - len(prefix)]}"
        known = geocoder.description_for_number(phonenumbers.parse(number), "en")
        if known:
            assert town_of(number) == known, number
    assert town_of("+62215551234") == "Greater Jakarta"
    assert (town_of("+62"), town_of(""), town_of("+6568881234")) == ("", "", "")
    code = "import crm.whereabouts, sys; crm.whereabouts.by_number('+62215551234'); print('phonenumbers.geodata' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_towns_that_could_not_be_read_are_read_when_they_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    area_codes._read_towns.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(area_codes, "_READING_S", 0.0)
        assert town_of("+62215551234") == ""
    assert town_of("+62215551234") == "Greater Jakarta"


def test_every_postcode_of_the_country_leads_to_a_province() -> None:
    lost = [number for number in range(101, 980) if all_regions().at_postcode(f"{number}11") is None]
    assert lost == [*range(180, 200), *range(470, 500), *range(880, 900)], "beginnings that are not in use"
    assert [all_regions().at_postcode(text) for text in ("", "601", "6011a", "601111")] == [None] * 4
    known = {"77311": "ID-KI", "77411": "ID-KU", "91511": "ID-SR", "91811": "ID-SN", "29211": "ID-RI", "55111": "ID-YO"}
    assert {code: found.code for code in known if (found := all_regions().at_postcode(code)) is not None} == known


def test_a_region_is_short_enough_for_the_callers_channel() -> None:
    assert max(len(code) for code in all_regions().by_code) <= 20


def test_the_number_alone_says_what_the_number_says() -> None:
    assert by_number(SURABAYA) == Whereabouts("surabaya", Confidence.MEDIUM)
