from pathlib import Path

import pytest

from core.settings import default_home
from launch.places import ROOT, home


@pytest.mark.parametrize("given", [None, "", "/srv/halo", "relative/home"])
def test_the_set_up_and_the_processes_agree_on_the_home(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if given is None:
        monkeypatch.delenv("HALO_HOME", raising=False)
    else:
        monkeypatch.setenv("HALO_HOME", given)

    assert home() == default_home()


def test_the_root_is_the_folder_of_the_packages() -> None:
    assert (Path(ROOT) / "pyproject.toml").is_file()
