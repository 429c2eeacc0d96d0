"""No file that people read grows past what one can hold in mind."""

from launch.file_sizes import MOST_LINES, too_long
from tests.architecture.project import ROOT, our_files, shown

READ_BY_PEOPLE = (".py", ".ts", ".mjs", ".css", ".html", ".lua", ".j2")


def test_no_source_file_is_too_long():
    assert [f"{shown(file)}: {lines} lines" for file, lines in too_long(ROOT)] == []
    assert MOST_LINES == 400


def test_every_kind_of_source_is_looked_at():
    """With a limit of no lines at all, the check must name a file of each kind that the project has."""
    named = {file.suffix for file, _ in too_long(ROOT, most=0)}
    there = {file.suffix for file in our_files()}
    assert set(READ_BY_PEOPLE) <= named
    assert set(READ_BY_PEOPLE) <= there


def test_every_package_and_folder_is_looked_at():
    looked_at = {file.parent for file, _ in too_long(ROOT, most=0)}
    with_code = {file.parent for file in our_files() if file.suffix == ".py" and file.stat().st_size}
    assert {shown(folder) for folder in with_code - looked_at} == {"launch/migrations/versions"}, "Alembic writes those"
