import os
from pathlib import Path

import pytest

from core.errors import HaloError
from launch.install import page_translations, set_up
from launch.install.debian_packages import DebianPackages, Need
from launch.install.page_translations import PageTranslations
from launch.install.python_environment import pinned
from launch.install.set_up import writable_or_raise
from launch.install.step import Dispensable, run_steps


class Recorded:
    """A step that says when it was run."""

    def __init__(self, name: str, done: bool, ran: list[str]) -> None:
        self.name, self._done, self._ran = name, done, ran

    def is_done(self) -> bool:
        return self._done

    def missing(self) -> list[str]:
        return [] if self._done else [self.name]

    def run(self) -> None:
        self._ran.append(self.name)


def test_only_what_is_not_done_is_run_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    ran: list[str] = []

    run_steps([Recorded("one", False, ran), Recorded("two", True, ran), Recorded("three", False, ran)])

    assert ran == ["one", "three"]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" …")[0].strip() for line in lines] == ["one", "two", "three"]
    assert "there already" in lines[1]


class Failing(Recorded):
    """A step that can't be done."""

    def run(self) -> None:
        raise HaloError("There is no compiler.", "install one.")


def test_a_step_that_halo_can_do_without_says_so_and_holds_up_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    ran: list[str] = []

    run_steps([Dispensable(Failing("one", False, ran), "It is slower."), Recorded("two", False, ran)])

    assert ran == ["two"]
    assert "There is no compiler. It is slower. To change that: install one." in capsys.readouterr().out


def test_nothing_is_compiled_and_nobody_asked_for_a_compiler_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def names(can_compile: bool, root: bool) -> list[str]:
        monkeypatch.setattr(set_up, "can_compile", lambda: can_compile)
        monkeypatch.setattr(set_up, "may_become_root", lambda: root)
        steps = [*set_up.machine_steps(tmp_path, with_tests=False), *set_up.project_steps(tmp_path, with_tests=False)]
        return [step.name for step in steps]

    without = names(can_compile=False, root=False)
    assert names(can_compile=False, root=True) == [*without[:2], "C compiler", *without[2:]]
    assert names(can_compile=True, root=False) == [*without, "Python compiler", "Routing engine, compiled"]


def test_packages_are_named_only_when_what_they_bring_is_missing(tmp_path: Path) -> None:
    step = DebianPackages([Need("here", lambda: True), Need("away", lambda: False)], tmp_path)

    assert step.missing() == ["away"]
    assert not step.is_done()


def test_the_environment_holds_the_projects_pins_and_those_of_an_extra(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\ndependencies = ["a==1"]\n[project.optional-dependencies]\ntest = ["b==2"]\n')

    assert pinned(project) == ["a==1"]
    assert pinned(project, "test") == ["a==1", "b==2"]


def test_a_translation_is_compiled_again_when_its_source_is_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_translations, "TRANSLATIONS", tmp_path)
    monkeypatch.setattr(page_translations, "ROOT", tmp_path)
    source = tmp_path / "id" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Ready"\nmsgstr "Siap"\n')
    step = PageTranslations(tmp_path / "logs")

    assert not step.is_done()
    step.run()
    assert step.is_done()
    assert b"Siap" in source.with_suffix(".mo").read_bytes()

    os.utime(source, (source.stat().st_mtime + 10,) * 2)
    assert step.missing() == ["id/LC_MESSAGES/messages.po"]


def test_a_folder_that_can_be_made_is_writable(tmp_path: Path) -> None:
    writable_or_raise(tmp_path / "not" / "yet" / "there")


@pytest.mark.parametrize("place", ["/proc/halo"])
def test_a_folder_that_cannot_be_written_is_named_with_the_next_step(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere

    with pytest.raises(HaloError) as error:
        writable_or_raise(Path(place))

    assert "/proc" in error.value.message
    assert "clone" in error.value.next_step
