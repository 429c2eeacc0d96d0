import stat
from pathlib import Path

from launch.install.stamp import fingerprint, is_stamped, put_stamp, write_whole


def test_a_fingerprint_changes_with_content_name_or_text_and_with_nothing_else(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    two.write_text("b")
    before = fingerprint([one, two], "x")

    assert fingerprint([two, one], "x") == before
    assert fingerprint([one, two], "y") != before
    assert fingerprint([one], "x") != before
    one.write_text("c")
    assert fingerprint([one, two], "x") != before


def test_a_missing_file_has_a_fingerprint_too(tmp_path: Path) -> None:
    assert fingerprint([tmp_path / "missing"]) == fingerprint([tmp_path / "missing"])


def test_only_the_same_mark_counts(tmp_path: Path) -> None:
    stamp = tmp_path / "made" / "stamp"

    assert not is_stamped(stamp, "m")
    put_stamp(stamp, "m")
    assert is_stamped(stamp, "m")
    assert not is_stamped(stamp, "n")


def test_a_secret_file_is_never_open_to_others_and_no_scrap_stays(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("old")
    file.chmod(0o644)

    write_whole(file, "new", mode=0o600)

    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
