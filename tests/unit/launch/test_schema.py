import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine

from launch.places import ROOT
from launch.schema import MODEL_MODULES, all_tables, current_revision, is_modelled, newest_revision, upgrade

PACKAGES = ("core", "crm", "routing", "ivr", "scripts", "workforce", "cti", "agent_desktop", "launch")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url)
    yield made
    made.dispose()


def test_the_migrated_tables_are_those_of_the_models(database_url: str, engine: Engine) -> None:
    upgrade(database_url)

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"include_name": is_modelled}), all_tables())

    assert differences == []


def test_an_upgraded_database_is_at_the_newest_revision_and_stays_there(database_url: str, engine: Engine) -> None:
    assert current_revision(engine) == ""
    upgrade(database_url)
    assert current_revision(engine) == newest_revision() != ""
    upgrade(database_url)
    assert current_revision(engine) == newest_revision()


def test_no_module_with_a_table_is_forgotten() -> None:
    """Imported apart, because whatever the other tests have loaded would hide a gap."""
    modules = [
        module.name
        for package in PACKAGES
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
        if not module.name.startswith(("launch.migrations", "ivr.speech.training")) and not module.name.endswith("__main__")
    ]
    code = (
        "import importlib, launch.schema as schema\n"
        "named = set(schema.all_tables().tables)\n"
        f"[importlib.import_module(name) for name in {modules!r}]\n"
        "print(sorted(set(schema.Base.metadata.tables) - named))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stdout.strip() == "[]", done.stderr
    assert len(set(MODEL_MODULES)) == len(MODEL_MODULES)
