"""What is wrong in a table that a planner brings, in words: row, column and what to write instead."""

from flask_babel import gettext

from agent_desktop.texts import _, _marked
from workforce.table_file import TableFault

# As workforce.table_file, workforce.planner_files and workforce.rosters.contract_file say them.
TEMPLATES = frozenset(
    {
        _marked("it is empty."),
        _marked("'%(value)s' is no number."),
        _marked("%(value)s does not lie from %(least)s to %(most)s."),
        _marked("%(value)s must be %(least)s or more."),
        _marked("%(value)s is no whole number."),
        _marked("'%(value)s' is no date."),
        _marked("'%(value)s' is no time of the day."),
        _marked("'%(value)s' is no moment."),
        _marked("'%(value)s' is neither yes nor no."),
        _marked("it has more than %(most)s rows."),
        _marked("there is no column %(value)s."),
        _marked("it has no row."),
        _marked("it is no UTF-8 text."),
        _marked("it holds more than %(most)s MB."),
        _marked("a cell holds more than %(most)s letters."),
        _marked("Shorten it."),
        _marked("there are two columns %(value)s."),
        _marked("%(value)s, like every row, is no day of this roster, which goes from %(first)s to %(last)s."),
        _marked("Save it as CSV UTF-8."),
        _marked("Check month and year."),
        _marked("it can't be read (%(cause)s)."),
        _marked("%(value)s stands in the file twice."),
        _marked("'%(value)s' is what Halo calls a kind of day itself."),
        _marked("callers are given, too."),
        _marked("nothing is overruled."),
        _marked("there is no queue '%(value)s'."),
        _marked("no interval of %(minutes)s minutes begins at %(value)s."),
        _marked("the rows of this queue are %(length)s minutes apart, not %(minutes)s."),
        _marked("Give a row for each %(minutes)s minutes; 0 where nobody came."),
        _marked("%(queue)s has this interval twice."),
        _marked("%(value)s is not the %(minutes)s asked for."),
        _marked("Correct this cell."),
        _marked("Write it like 12.5."),
        _marked("Write it like 2026-12-31."),
        _marked("Write it like 08:30."),
        _marked("Write it like 2026-12-31 08:30."),
        _marked("Split it."),
        _marked("The columns are: %(names)s."),
        _marked("Check that it is there and is UTF-8 text."),
        _marked("Check that it is a workbook of Excel."),
        _marked("Keep one of them."),
        _marked("Choose another name."),
        _marked("Give the one or the other."),
        _marked("Give callers, times or aht_s."),
        _marked("Use one of: %(names)s."),
        _marked("Ask for that interval."),
        _marked("Write 0 where nobody came; leave out what is not known."),
        _marked("%(value)s is not on record, and no queues are given."),
        _marked("there is no queue '%(queue)s'."),
        _marked("there is no pattern '%(pattern)s'."),
        _marked("it is before `from`."),
        _marked("'%(value)s' is no wish."),
        _marked("the training ends before it begins."),
        _marked("%(value)s has no contract."),
        _marked("'%(part)s' is no time."),
        _marked("'%(part)s': the days are not in order."),
        _marked("'%(part)s' is no time of the day."),
        _marked("Write the hours of a week, such as 40."),
        _marked("Give queues, or correct it."),
        _marked("Use some of: %(names)s."),
        _marked("Write off, work, not, or one of: %(names)s."),
        _marked("Write both times, like 09:00 and 11:00."),
        _marked("Add a row to the contracts, or take this one out."),
        _marked("Write it like mon-fri 08:00-17:00; sat 09:00-13:00."),
    }
)


def table_fault_words(fault: TableFault) -> str:
    """Where, what and what to do."""
    where = ""
    if fault.column:
        where = _("Row %(row)s, column %(column)s:", row=fault.row, column=fault.column)
    elif fault.row:
        where = _("Row %(row)s:", row=fault.row)
    why, step = (gettext(each) % fault.fields for each in (fault.why, fault.step))
    return " ".join(each for each in (where, why, step) if each)
