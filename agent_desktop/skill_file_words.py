"""What is wrong with a file of skills, in the reader's words: what stands there, and what to write instead."""

from agent_desktop.skill_file import COLUMNS, Cause, Fault
from agent_desktop.texts import _
from routing.agent_skills import MOST_SKILLS

_LONGEST_SHOWN = 60
_HEADER = ",".join(COLUMNS)


def fault_words(fault: Fault) -> tuple[str, str]:
    """What is wrong, and what to write instead."""
    value = fault.value if len(fault.value) <= _LONGEST_SHOWN else f"{fault.value[: _LONGEST_SHOWN - 1]}…"
    match fault.cause:
        case Cause.NOT_UTF8:
            return _("This line is not in the encoding UTF-8."), _("Save the file as “CSV UTF-8”.")
        case Cause.HEADER if not value:
            return _("The file is empty."), _("Write %(header)s in its first line.", header=_HEADER)
        case Cause.HEADER:
            return _("The first line is “%(value)s”.", value=value), _("Write %(header)s.", header=_HEADER)
        case Cause.COLUMNS:
            return _("This line has %(value)s columns.", value=value), _("Write three: %(header)s.", header=_HEADER)
        case Cause.QUOTES:
            return _("A quotation mark stands alone here."), _("Write the line without quotation marks.")
        case Cause.NO_AGENT:
            return _("There is no agent “%(value)s”.", value=value), _agent_instead(fault.instead)
        case Cause.SKILL_NAME:
            return _("“%(value)s” can be no name of a skill.", value=value), _skill_instead(fault.instead)
        case Cause.PROFICIENCY:
            return (
                _("“%(value)s” is no proficiency.", value=value),
                _("Write a whole number from 1 to 5, 5 the best, or 0 to take the skill away."),
            )
        case Cause.TWICE:
            return (
                _("%(value)s stands in line %(line)s already.", value=value, line=fault.instead),
                _("Keep one of the two lines."),
            )
        case Cause.TOO_MANY:
            return (
                _("%(agent)s would have more than %(most)d skills.", agent=value, most=MOST_SKILLS),
                _("Write 0 for some of their skills."),
            )


def _agent_instead(agent_id: str) -> str:
    return (
        _("Write %(value)s.", value=agent_id) if agent_id else _("Write the agent's number, as in the file that you can download.")
    )


def _skill_instead(skill: str) -> str:
    if skill:
        return _("Write %(value)s.", value=skill)
    return _("Write 1 to 40 small letters, digits, _ and -, a letter first.")
