"""Stamps: a file that says from which inputs something was made, so that it is made again only when they change."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A hash of the files' names and contents, and of `more`. A missing file counts as empty."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0")
        digest.update(file.read_bytes() if file.is_file() else b"")
    for text in more:
        digest.update(b"\0" + text.encode())
    return digest.hexdigest()


def is_stamped(stamp: Path, mark: str) -> bool:
    """Whether `stamp` carries this mark."""
    try:
        return stamp.read_text(encoding="utf-8").strip() == mark
    except OSError:
        return False


def put_stamp(stamp: Path, mark: str) -> None:
    """Write the mark, whole or not at all."""
    write_whole(stamp, mark + "\n")


def write_whole(file: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that a reader, or a crash, sees the old text or the new one, never half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as output:
        os.fchmod(output.fileno(), mode)
        output.write(text)
        output.flush()
        os.fsync(output.fileno())
    beside.replace(file)
