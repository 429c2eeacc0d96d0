"""What is broken, in the words of people: in English and in Indonesian."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from workforce.roster_check.broken import BrokenRule
from workforce.rosters.problem import RosterProblem
from workforce.rosters.roster_file import clock

LANGUAGES = ("en", "id")
_HOURS = frozenset({
    "weekly_hours", "daily_hours", "contract_hours", "total_hours", "overtime", "rest_between_shifts", "rest_in_shift", "rotation",
    "understaffed", "overstaffed", "least_staff",
})  # fmt: skip
_OF_PATTERNS = frozenset(
    {"availability", "rest_in_shift", "shifts_of_a_kind", "shift_sequence", "wishes", "shift_short", "shift_full"}
)
_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
}
_ENGLISH: Mapping[str, str] = {
    "availability": "{agent} can't work on {day}: {what}",
    "time_off": "{agent} has time off on {day}",
    "training": "{agent} is not there for the training {what} on {day}",
    "kept": "{agent}'s settled {day} was changed",
    "daily_hours": "{agent} works {amount} h on {day}, more than {limit} h",
    "weekly_hours": "{agent} works {amount} h from {day} to {until}, more than {limit} h",
    "overtime": "{agent} has {amount} h of overtime from {day} to {until}",
    "contract_hours": "{agent} gets {amount} h from {day} to {until}, not the {limit} h agreed",
    "total_hours": "{agent} works {amount} h in all, against {limit} h",
    "rest_between_shifts": "{agent} rests {amount} h between {day} and {until}, fewer than {limit} h",
    "rest_in_shift": "{agent} works {amount} h on end on {day}, more than {limit} h without a rest",
    "weekly_rest": "{agent} works {amount} days from {day} to {until}, more than {limit}",
    "consecutive_days": "{agent} works {amount} days in a row from {day}, against {limit}",
    "days_off_in_a_row": "{agent} has {amount} days off in a row from {day}, fewer than {limit}",
    "nights_in_a_row": "{agent} has {amount} nights in a row from {day}, more than {limit}",
    "night_protection": "{agent} may not work on the night of {day}",
    "weekends": "{agent} works on {amount} weekends, more than {limit}",
    "shifts_of_a_kind": "{agent} has {amount} of {limit} shifts at most: {what}",
    "shift_sequence": "{agent} may not go from {what}: {day} and {until}",
    "rotation": "{agent} begins {amount} h earlier on {until} than on {day}",
    "fair_nights": "{agent} has {amount} nights, others have {limit}",
    "fair_weekends": "{agent} works {amount} days of weekends, others {limit}",
    "wishes": "{agent}'s wish for {day} is not met",
    "unlike_given": "{agent}'s {day} differs from before",
    "understaffed": "{what} lacks {amount} h of agents on {day} at {time}",
    "least_staff": "{what} needs {limit} people on {day} at {time}",
    "overstaffed": "{amount} h of agents are too many on {day} at {time}",
    "shift_short": "{amount} people are missing of {limit} on {day}: {what}",
    "shift_full": "{amount} people more than {limit} are there on {day}: {what}",
}
_INDONESIAN: Mapping[str, str] = {
    "availability": "{agent} tidak bisa bekerja pada {day}: {what}",
    "time_off": "{agent} cuti pada {day}",
    "training": "{agent} tidak hadir di pelatihan {what} pada {day}",
    "kept": "{day} milik {agent} yang sudah tetap diubah",
    "daily_hours": "{agent} bekerja {amount} jam pada {day}, lebih dari {limit} jam",
    "weekly_hours": "{agent} bekerja {amount} jam dari {day} sampai {until}, lebih dari {limit} jam",
    "overtime": "{agent} lembur {amount} jam dari {day} sampai {until}",
    "contract_hours": "{agent} mendapat {amount} jam dari {day} sampai {until}, bukan {limit} jam sesuai kontrak",
    "total_hours": "{agent} bekerja total {amount} jam, batasnya {limit} jam",
    "rest_between_shifts": "{agent} istirahat {amount} jam antara {day} dan {until}, kurang dari {limit} jam",
    "rest_in_shift": "{agent} bekerja {amount} jam terus-menerus pada {day}, lebih dari {limit} jam tanpa istirahat",
    "weekly_rest": "{agent} bekerja {amount} hari dari {day} sampai {until}, lebih dari {limit}",
    "consecutive_days": "{agent} bekerja {amount} hari berturut-turut dari {day}, batasnya {limit}",
    "days_off_in_a_row": "{agent} libur {amount} hari berturut-turut dari {day}, kurang dari {limit}",
    "nights_in_a_row": "{agent} shift malam {amount} kali berturut-turut dari {day}, lebih dari {limit}",
    "night_protection": "{agent} tidak boleh bekerja pada malam {day}",
    "weekends": "{agent} bekerja di {amount} akhir pekan, lebih dari {limit}",
    "shifts_of_a_kind": "{agent} mendapat {amount} dari paling banyak {limit} shift: {what}",
    "shift_sequence": "{agent} tidak boleh berpindah dari {what}: {day} dan {until}",
    "rotation": "{agent} mulai {amount} jam lebih awal pada {until} daripada {day}",
    "fair_nights": "{agent} mendapat {amount} malam, yang lain {limit}",
    "fair_weekends": "{agent} bekerja {amount} hari akhir pekan, yang lain {limit}",
    "wishes": "Permintaan {agent} untuk {day} tidak dipenuhi",
    "unlike_given": "{day} milik {agent} berbeda dari sebelumnya",
    "understaffed": "{what} kekurangan {amount} jam agen pada {day} pukul {time}",
    "least_staff": "{what} butuh {limit} orang pada {day} pukul {time}",
    "overstaffed": "Kelebihan {amount} jam agen pada {day} pukul {time}",
    "shift_short": "Kurang {amount} dari {limit} orang pada {day}: {what}",
    "shift_full": "Lebih {amount} dari {limit} orang pada {day}: {what}",
}
RULES_WITH_WORDS = frozenset(_ENGLISH) & frozenset(_INDONESIAN)


def words(problem: RosterProblem, broken: BrokenRule, language: str = "en", names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What is broken, as a sentence without a full stop. Languages other than Indonesian read English. `names`: of queues as people
    read them, by their codes; shift patterns have their own."""
    hours = broken.rule in _HOURS
    limit = broken.limit if broken.rule == "least_staff" or not hours else broken.limit / 60
    one = problem.by_agent.get(broken.agent)
    return (_INDONESIAN if language == "id" else _ENGLISH)[broken.rule].format(
        agent=one.shown if one else broken.agent,
        day=day_words(problem, broken.day, language),
        until=day_words(problem, broken.until, language),
        amount=f"{broken.amount / 60:g}" if hours else broken.amount,
        limit=f"{limit:g}",
        what=_what(problem, broken, language, names),
        time="" if broken.slot is None else clock(broken.slot * problem.minutes % 1440),
    )


def _what(problem: RosterProblem, broken: BrokenRule, language: str, names: Mapping[str, str]) -> str:
    if broken.rule not in _OF_PATTERNS:
        return names.get(broken.what, broken.what)
    shown = {pattern.name: pattern.shown(language) for pattern in problem.patterns}
    after = " ke " if language == "id" else " to "
    return after.join(shown.get(name, name) for name in broken.what.split())


def day_words(problem: RosterProblem, day: int | None, language: str = "en") -> str:
    """A day, as "Tue 2026-12-01"."""
    if day is None:
        return ""
    when = problem.first + timedelta(days=day)
    return f"{_WEEKDAYS['id' if language == 'id' else 'en'][when.weekday()]} {when}"
