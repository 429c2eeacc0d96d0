"""Which speech sets are deleted, and when."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.speech.grammars import GrammarSource
from ivr.speech.model_folder import SHIPPED_FOLDER
from ivr.speech.old_sets import KEPT_FOR, claim_set, forget_sets
from ivr.speech.speech_set import compile_speech_set, load_speech_set

NOW = datetime(2025, 2, 3, 2, 30, tzinfo=UTC)
LATER = NOW + KEPT_FOR + timedelta(seconds=1)
ONE, OTHER = "a" * 16, "b" * 16


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (ONE, OTHER):
        (tmp_path / name / "model").mkdir(parents=True)
        (tmp_path / name / "model" / "final.mdl").touch()
    return tmp_path


def there(root: Path) -> list[str]:
    return sorted(folder.name for folder in root.iterdir())


def test_one_that_went_out_of_force_stays_for_the_calls_that_have_it_and_then_goes(root: Path) -> None:
    assert forget_sets(root, {ONE}, NOW) == []
    assert forget_sets(root, {ONE}, NOW + KEPT_FOR) == []
    assert there(root) == [ONE, OTHER]
    assert forget_sets(root, {ONE}, LATER) == [OTHER]
    assert there(root) == [ONE]


def test_the_wait_begins_anew_for_one_that_was_needed_meanwhile(root: Path) -> None:
    forget_sets(root, {ONE}, NOW)
    forget_sets(root, {ONE, OTHER}, NOW + KEPT_FOR / 2)
    assert forget_sets(root, {ONE}, LATER) == []
    assert forget_sets(root, {ONE}, LATER + KEPT_FOR + timedelta(seconds=1)) == [OTHER]


def test_one_that_is_being_published_again_is_not_taken_away_before_it_is_in_force(root: Path) -> None:
    forget_sets(root, {ONE}, NOW)
    assert claim_set(root / OTHER)  # the publisher found it there; what is needed was read before that
    assert forget_sets(root, {ONE}, LATER) == []
    assert (root / OTHER).is_dir()


def test_a_real_set_that_is_compiled_again_is_claimed(tmp_path: Path) -> None:
    menus = {"main_menu": GrammarSource({"id": ["tagihan"], "en": ["billing"]})}
    made = compile_speech_set(SHIPPED_FOLDER, menus, tmp_path)
    forget_sets(tmp_path, (), NOW)
    compile_speech_set(SHIPPED_FOLDER, menus, tmp_path)
    assert forget_sets(tmp_path, (), LATER) == []
    assert load_speech_set(made.folder).id == made.id
    assert forget_sets(tmp_path, (), LATER + KEPT_FOR + timedelta(seconds=1)) == [made.id]
    assert not claim_set(made.folder)


def test_what_a_broken_off_deletion_or_publication_left_goes_too(root: Path) -> None:
    (root / f".gone-{OTHER}").mkdir()
    (root / f".{OTHER}-old" / OTHER).mkdir(parents=True)
    (root / f".{ONE}-fresh").mkdir()
    os.utime(root / f".{OTHER}-old", (NOW.timestamp() - 1, NOW.timestamp() - 1))
    os.utime(root / f".{ONE}-fresh", (LATER.timestamp() - 60, LATER.timestamp() - 60))
    forget_sets(root, {ONE, OTHER}, LATER)
    assert there(root) == [f".{ONE}-fresh", ONE, OTHER]


def test_nothing_else_is_touched_and_an_installation_without_sets_is_none(root: Path, tmp_path: Path) -> None:
    (root / "notes").mkdir()
    (root / "c").touch()
    forget_sets(root, {ONE, OTHER}, NOW)
    forget_sets(root, {ONE, OTHER}, LATER)
    assert there(root) == [ONE, OTHER, "c", "notes"]
    assert forget_sets(tmp_path / "nowhere", (), NOW) == []
