"""Names that people in Indonesia have, with the honorific that fits where the name tells."""

from dataclasses import dataclass
from random import Random

from faker import Faker

from crm.customers import Language

# Faker's own list of men's names holds plain words and women's names too; these are of men, and common.
_MEN_LIST = """
    Aditya Agus Aris Bagas Bagus Bambang Budi Cahyono Candra Danang Danu Dimas Edi Eko Erik Galang Galih Gatot
    Gilang Hadi Hamzah Hari Harto Hasan Hendra Hendri Heru Heryanto Himawan Ibrahim Ihsan Ikhsan Ilyas Imam Indra
    Irfan Irwan Ismail Ivan Jaka Jamal Jatmiko Jefri Johan Joko Kadir Kamal Lukman Luthfi Mahdi Mahmud Malik
    Muhammad Mulyono Mustofa Najib Nugraha Omar Pandu Panji Prasetyo Purwanto Raditya Rafi Rahmat Raihan Rama Rangga
    Rendy Reza Ridwan Rizki Rudi Saiful Salman Samsul Satya Sidiq Slamet Soleh Surya Taufan Taufik Teddy Teguh Tomi
    Umar Usman Viktor Wahyu Waluyo Wawan Wira Wisnu Yahya Yoga Yosef Yusuf
"""
_MEN = tuple(_MEN_LIST.split())
_EITHER = ("Ade", "Eka", "Dwi", "Tri", "Dian", "Nur", "Kurnia")
_NOT_NAMES_HERE = frozenset({"Ciaobella", "Paris", "Queen", "Genta", "Yance", "Zelaya", "Gasti", "Ade", "Eka", "Dian"})


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name; `honorific` is "" where the name leaves it open."""

    full: str
    honorific: str


class Names:
    """Makes names with the chance of the Faker that it is given."""

    def __init__(self, indonesian: Faker, english: Faker) -> None:
        self._indonesian, self._english = indonesian, english

    def draw(self, chance: Random, language: str | None) -> PersonName:
        """A name that fits a customer of this language; None counts as Indonesian."""
        return self._english_name(chance) if language == Language.ENGLISH else self._indonesian_name(chance)

    def _english_name(self, chance: Random) -> PersonName:
        man = chance.random() < 0.55
        given = self._english.first_name_male() if man else self._english.first_name_female()
        return PersonName(f"{given} {self._english.last_name()}", "Mr" if man else "Ms")

    def _indonesian_name(self, chance: Random) -> PersonName:
        kind = chance.random()
        if kind < 0.06:
            family = self._indonesian.last_name_male() if chance.random() < 0.5 else self._indonesian.last_name_female()
            return PersonName(f"{chance.choice(_EITHER)} {family}", "")
        man = kind < 0.53
        given = chance.choice(_MEN) if man else self._woman()
        parts = [given]
        if chance.random() < 0.2:
            second = chance.choice(_MEN) if man else self._woman()
            parts += [second] if second != given else []
        if len(parts) > 1 or chance.random() < 0.95:  # many people have one name only
            parts.append(self._indonesian.last_name_male() if man else self._indonesian.last_name_female())
        return PersonName(" ".join(parts), "Bapak" if man else "Ibu")

    def _woman(self) -> str:
        while (name := self._indonesian.first_name_female()) in _NOT_NAMES_HERE:
            pass
        return str(name)
