"""Compiles the modules that decide, with mypyc and the machine's C compiler.

`python -m launch.install.compile_engine ENVIRONMENT`, run by set-up inside that virtual environment.
"""

import importlib
import os
import shutil
import sys
import tempfile
from importlib.machinery import ExtensionFileLoader
from pathlib import Path

from mypyc.build import mypycify
from setuptools import Distribution

import routing
from launch.places import ROOT
from routing.compiled import BUILT_ON, COMPILED, compiled_folder

_GROUP = "routing.decisions"  # the one library in which they all are
_KEPT = 2  # of other sources: who goes back to another release, and forth, need not compile it again


def main(environment: Path) -> None:
    """Compile, see that it can be loaded, and put it in its place. Raises whatever mypyc, the C compiler or the loader says."""
    with tempfile.TemporaryDirectory(prefix="halo-compile-", dir=environment) as scratch:
        os.chdir(scratch)
        package = Path("routing")
        package.mkdir()
        (package / "__init__.py").touch()
        for name in (*COMPILED, *BUILT_ON):  # a copy, so that what is compiled is what gives the folder its name
            shutil.copyfile(ROOT / "routing" / f"{name}.py", package / f"{name}.py")
        made = Path(scratch, _compile(package), "routing")
        _raise_unless_loaded(made)
        folder = compiled_folder(environment, package)
        folder.parent.mkdir(exist_ok=True)
        if not folder.exists():
            made.rename(folder)
    others = sorted((each for each in folder.parent.iterdir() if each != folder), key=lambda each: each.stat().st_mtime)
    for old in others[:-_KEPT]:
        shutil.rmtree(old)


def _compile(package: Path) -> str:
    """Compile the package in the current folder; returns the folder of what came of it."""
    # The checks are strict with the same sources; here types only serve to compile, whatever else a configuration says.
    options = ["--config-file=", f"--cache-dir={os.devnull}"]
    sources = [str(package / f"{name}.py") for name in COMPILED]
    extensions = mypycify([*options, *sources], opt_level="2", debug_level="0", target_dir="c", group_name=_GROUP)
    command = Distribution({"name": "halo", "ext_modules": extensions}).get_command_obj("build_ext")
    command.build_lib, command.build_temp = "made", "objects"
    command.ensure_finalized()
    command.run()
    return "made"


def _raise_unless_loaded(folder: Path) -> None:
    routing.__path__.insert(0, str(folder))
    for name in COMPILED:
        spec = importlib.import_module(f"routing.{name}").__spec__
        if spec is None or not isinstance(spec.loader, ExtensionFileLoader):
            raise ImportError(f"what is loaded is not what was compiled: {spec}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
