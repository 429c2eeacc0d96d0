"""Tables that nobody meant, or somebody meant badly: told by row and column, never half read; and none takes a formula away."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.errors import BadInput
from workforce.rosters.contract_file import read_contracts, read_time_off, read_training, read_wishes
from workforce.rosters.rules_file import shipped_rules
from workforce.table_file import check_unpacked, read_table, write_table

MONDAY = date(2026, 12, 7)
ON_RECORD = {"2001": ("Ani", frozenset({"billing"}))}
FORMULAS = ["=1+1", "@SUM(A1)", "-2+3", "+cmd|' /C calc'!A0", '=HYPERLINK("http://example.com")']


def contracts(tmp_path: Path, content: bytes, name: str = "a.csv") -> None:
    (tmp_path / name).write_bytes(content)
    read_contracts(tmp_path / name, ["billing"], shipped_rules().patterns, ON_RECORD)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"agent,hours_a_week\n2001,-5\n", "row 2, column hours_a_week: -5 does not lie from 0 to 168"),
        (b"agent,hours_a_week,days_a_week\n2001,40,2.5\n", "row 2, column days_a_week: 2.5 is no whole number"),
        (b"agent,hours_a_week,most_in_a_row\n2001,40,1e308\n", "row 2, column most_in_a_row: 1e308 does not lie from 0 to 366"),
        (b"agent,hours_a_week,most_weekends\n2001,40,999\n", "row 2, column most_weekends: 999 does not lie from 0 to 100"),
        (b"agent,hours_a_week\n2001,40\n2002,J\xe4mes\n", "row 3: it is no UTF-8 text"),
        ("agent,hours_a_week\n2001,40\n".encode("utf-16"), r"it can't be read \(UTF-16\)"),
        (b"agent,agent,hours_a_week\n2001,2002,40\n", "row 1: there are two columns agent"),
        (b"agent,name\n2001,Ani\n", "row 1: there is no column hours_a_week. The columns are: agent, hours_a_week, name,"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        contracts(tmp_path, content)


def test_the_row_of_a_foreign_sign_is_right_deep_in_a_long_file(tmp_path: Path) -> None:
    rows = b"".join(b"2%05d,40,Ani\n" % number for number in range(5000))
    with pytest.raises(BadInput, match="row 5002: it is no UTF-8 text"):
        contracts(tmp_path, b"agent,hours_a_week,name\n" + rows + b"2001,40,J\xe4mes\n")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_the_separator_of_the_planners_own_excel_is_read(tmp_path: Path, separator: str) -> None:
    (tmp_path / "a.csv").write_text(separator.join(("agent", "name")) + "\n" + separator.join(("2001", "Ani, S.E.")) + "\n")
    assert read_table(tmp_path / "a.csv", ("agent", "name"))[0].text("name") == "Ani, S.E."


def test_a_workbook_that_is_broken_inside_can_t_be_read(tmp_path: Path) -> None:
    write_table(tmp_path / "good.xlsx", ("agent", "hours_a_week"), [("2001", 40)])
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad:
        for part in good.infolist():
            content = good.read(part)
            bad.writestr(part.filename, content[: len(content) // 2] if "sheet1" in part.filename else content)
    with pytest.raises(BadInput, match="can't be read"):
        read_table(tmp_path / "bad.xlsx", ("agent",))


def test_a_small_file_that_unpacks_to_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 2_000_000)
    assert (tmp_path / "bomb.xlsx").stat().st_size < 100_000
    with pytest.raises(BadInput, match="holds more than 8 MB"):
        check_unpacked(tmp_path / "bomb.xlsx", 8)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_text_as_long_as_a_book_is_refused_where_it_stands(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, ("agent", "name"), [("2001", "Ani"), ("2002", " " + "x" * 5000)])
    with pytest.raises(BadInput, match="row 3: a cell holds more than 1000 letters"):
        read_table(tmp_path / name, ("agent", "name"))


def test_time_off_from_the_beginning_of_time_to_its_end_is_that_of_the_roster(tmp_path: Path) -> None:
    (tmp_path / "off.csv").write_text("agent,from,until\n" + "2001,0001-01-01,9999-12-31\n" * 2000)
    assert read_time_off(tmp_path / "off.csv", {"2001"}, MONDAY, 7) == {("2001", day) for day in range(7)}


def test_wishes_and_trainings_of_another_year_are_not_dropped_in_silence(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("agent,date,wish,from,to\n2001,2025-12-08,off,09:00,10:00\n")
    told = "row 2, column date: 2025-12-08, like every row, is no day of this roster, which goes from 2026-12-07 to 2026-12-13"
    with pytest.raises(BadInput, match=told):
        read_wishes(tmp_path / "a.csv", {"2001"}, shipped_rules().patterns, MONDAY, 7)
    with pytest.raises(BadInput, match=told):
        read_training(tmp_path / "a.csv", {"2001"}, MONDAY, 7)


def test_a_wish_can_t_outweigh_everything(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("agent,date,wish,weight\n2001,2026-12-08,off,1e300\n")
    with pytest.raises(BadInput, match="row 2, column weight: 1e300 does not lie from 0 to 10000"):
        read_wishes(tmp_path / "a.csv", {"2001"}, shipped_rules().patterns, MONDAY, 7)


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_no_text_is_a_formula_in_what_is_taken_away_and_it_is_the_same_when_brought_again(
    tmp_path: Path, text: str, name: str
) -> None:
    file = tmp_path / name
    write_table(file, ("name", "hours"), [(text, -5)])
    row = read_table(file, ("name", "hours"))[0]
    assert (row.text("name"), row.number_at("hours", -10)) == (text, -5)
    if name == "a.csv":
        assert "\n'" in file.read_text() or "\n\"'" in file.read_text()
    else:
        sheet = load_workbook(file).worksheets[0]
        assert sheet["A2"].data_type == "s"


def test_numbers_written_as_texts_stay_numbers(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", ("phone", "change"), [("+62811234567", "-1.5")])
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == "+62811234567,-1.5"
