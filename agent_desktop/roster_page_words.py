"""The words that the scripts of the rosters' pages say, in the reader's language."""

from agent_desktop.texts import _


def roster_page_words() -> dict[str, str]:
    """By the key that frontend/src/words.ts asks for."""
    return {
        "roster_waiting": _("Begins in a moment …"),
        "roster_stopping": _("It stops, and keeps the best …"),
        "roster_agent": _("Agent, hours by week"),
        "roster_found": _("{count} of {of} agents"),
        "roster_nobody": _("Nobody is like this. Choose another queue, team or name."),
        "roster_no_agents": _("No agent has a contract."),
        "roster_no_contract": _("no contract"),
        "roster_hours": _("Hours by week: {hours}; agreed: {agreed}"),
        "roster_day_off": _("day off"),
        "roster_time_off": _("time off"),
        "roster_training": _("training"),
        "roster_carried": _("You carry a shift: put it down on another day or agent."),
        "roster_changed": _("Changed: {points} points."),
        "roster_changed_worse": _("Changed, and dearer: {points} points."),
        "roster_breaks": _("Breaks rules that must not be broken: {count}"),
        "roster_costs": _("May be; it costs {points} points:"),
        "roster_fits": _("Fits: {points} points"),
        "roster_more": _("and {count} more"),
        "roster_cost": _("It costs {points} points."),
        "roster_copy_first": _("This roster is published. Make a draft of it to change it."),
        "roster_anew": _("Chosen cells anew …"),
        "roster_anew_count": _("{count} chosen cells anew …"),
        "roster_anew_words": _("{count} cells are chosen anew by the solver."),
        "roster_publish": _("Publish this roster"),
        "roster_take_back": _("Take this roster back"),
        "roster_copy": _("Change it, as a draft"),
        "roster_print": _("Print, a sheet for each week"),
        "roster_list": _("All rosters"),
        "rules_shipped": _("The rules that Halo ships are in force"),
        "rules_published": _("Rules {number} are in force for rosters that are made from now on."),
        "rules_publish": _("Publish the rules"),
        "contract_dropped": _("No contract any more; rosters that are made from now on leave them out."),
        "contract_faults": _("Nothing was brought. Mend these rows, then bring the table again:"),
    }
