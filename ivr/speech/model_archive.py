"""Unpacks a model that came from outside: its checksum first, then nothing but plain files below one folder, of bounded size."""

import hashlib
import lzma
import shutil
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from core.errors import BadInput, Unavailable
from ivr.speech.installed_models import (
    InstalledModel,
    checked_name,
    describe_model,
    find_model,
    grammar_of,
    models_folder,
    write_description,
)

MOST_BYTES = 6 * 1024**3
MOST_FILES = 2000
_PIECE = 1024 * 1024
_UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError)


def install_model(home: Path, source: Path, sha256: str, name: str = "") -> InstalledModel:
    """Install a model from a zip file, or copy it from a folder, into `<home>/models/<name>`.

    `sha256` is the zip's, as its makers publish it; a folder has none. `name` is by default the folder's, in the zip or on disk.
    Raises BadInput when the checksum differs, the archive is unsafe or too large, it holds no model, or the name is taken;
    Unavailable when it can't be written. Nothing is left behind then.
    """
    root = models_folder(home)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetched-", dir=root, ignore_cleanup_errors=True) as scratch:
            if source.is_dir():
                grammar_of(source)  # before gigabytes are copied
                whole = Path(scratch) / source.resolve().name
                _copy(source, whole)
            else:
                _check_sum(source, sha256)
                whole = _unpacked(source, Path(scratch))
            target = root / checked_name(name or whole.name)
            if target.exists():
                raise BadInput(f"{target} is there already.", "Give it another name: --name NAME.")
            write_description(describe_model(whole, target.name, sha256))
            whole.rename(target)
    except OSError as problem:
        raise Unavailable(
            f"The model can't be installed: {problem.strerror or problem}.", f"Make room in {root}, or give rights."
        ) from None
    return find_model(home, target.name)


def _check_sum(file: Path, sha256: str) -> None:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
    if digest.hexdigest() != sha256.strip().lower():
        raise BadInput(
            f"{file.name} has SHA-256 {digest.hexdigest()}, not the one that was given.",
            "Fetch it again; when it stays so, do not use it: it is not what its makers published.",
        )


def _unpacked(file: Path, scratch: Path) -> Path:
    """The one folder that the archive holds, unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            tops = {_checked_path(member).parts[0] for member in members}
            if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_BYTES:
                raise BadInput(
                    f"{file.name} holds more than {MOST_FILES} files or {MOST_BYTES // 1024**3} GB.", "That is no speech model."
                )
            if len(tops) != 1:
                raise BadInput(f"{file.name} holds {len(tops)} folders at its top.", "A model's archive holds one.")
            left = MOST_BYTES
            for member in members:
                target = scratch / _checked_path(member)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, target.open("wb") as plain:
                    # What a header says of the size need not be so.
                    while piece := packed.read(_PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise BadInput(f"{file.name} is larger than it says.", "Do not use it.")
                        plain.write(piece)
    except _UNREADABLE as problem:
        raise BadInput(f"{file.name} is no zip file that can be read: {problem}.", "Give a .zip file or a folder.") from None
    return scratch / tops.pop()


def _checked_path(member: zipfile.ZipInfo) -> PurePosixPath:
    path = PurePosixPath(member.filename)
    unsafe = path.is_absolute() or ".." in path.parts or "\\" in member.filename or len(path.parts) < 2
    if unsafe or stat.S_ISLNK(member.external_attr >> 16):
        raise BadInput(
            f"The archive holds {member.filename[:80]!r}.", "A model's archive holds plain files in one folder. Do not use it."
        )
    return path


def _copy(source: Path, target: Path) -> None:
    files = [file for file in source.rglob("*") if file.is_file()]
    if any(file.is_symlink() for file in source.rglob("*")):
        raise BadInput(f"{source} holds symbolic links.", "Give a folder of plain files.")
    if len(files) > MOST_FILES or sum(file.stat().st_size for file in files) > MOST_BYTES:
        raise BadInput(f"{source} holds more than {MOST_FILES} files or {MOST_BYTES // 1024**3} GB.", "That is no speech model.")
    shutil.copytree(source, target)
