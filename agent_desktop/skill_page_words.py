"""The words that the script of the page of skills says."""

from agent_desktop.texts import _


def skill_page_words() -> dict[str, str]:
    """By the key that the script asks for."""
    return {
        "skill_agent": _("Agent"),
        "skill_on_duty": _("on duty"),
        "skill_off_duty": _("not on duty"),
        "skill_holders": _("{holders} have it, {duty} of them on duty"),
        "skill_nobody": _("No agent fits. Change what is typed above."),
        "skill_none": _("There are no agents yet. They appear here when they are added."),
        "skill_saving": _("Saving …"),
        "skill_saved": _("Saved: {agent}, {skill} {level}."),
        "skill_saved_many": _("Saved: {count} changes."),
        "skill_undone": _("Undone: {agent}, {skill} {level} again."),
        "skill_undone_many": _("Undone: {count} changes."),
        "skill_nothing_to_undo": _("There is nothing to undo here."),
        "skill_moved": _("Not saved: {agent}, {skill} is {level} by now; {by} changed it meanwhile."),
        "skill_moved_many": _("Not saved: {count} of these skills were changed meanwhile. They are shown as they are now."),
        "skill_somebody": _("somebody"),
        "skill_by_other": _("{by} set {agent}, {skill} to {level}."),
        "skill_by_other_many": _("{by} changed {count} skills."),
        "skill_overtaken": _("{by} set this to {level} while you were here. Press {mine} once more to set it all the same."),
        "skill_try_again": _("Try again"),
        "skill_chosen_one": _("1 agent chosen"),
        "skill_chosen_many": _("{count} agents chosen: a digit counts for all of them"),
        "skill_name_wrong": _("A skill is called by 1 to 40 small letters, digits, _ and -, a letter first."),
        "skill_there": _("{skill} is there already."),
        "skill_added": _("{skill} is added. It stays once an agent has it."),
        "skill_more_gaps": _("{count} more, marked in the table"),
        "skill_file_checking": _("Reading …"),
        "skill_file_faults": _("Nothing can be applied before these are mended:"),
        "skill_file_line": _("Line {line}"),
        "skill_file_same": _("{lines} lines, and all of it is so already."),
        "skill_file_changes": _("{lines} lines, {count} changes:"),
        "skill_file_more": _("and {count} more"),
        "skill_file_fresh": _("Nobody has these yet, and no queue asks for them. Are they spelled right? {skills}"),
    }
