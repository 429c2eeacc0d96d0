"""The project names no place of the machine it was written on and no package registry: those are the user's own choice."""

import json

import pytest

from tests.architecture.project import ROOT, our_files, shown

# Put together here, so that this file holds none of them itself.
FOLDERS = tuple(f"/{name}/" for name in ("work", "root", "home", "Users", "mnt"))
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("registry", "npmjs"), ("registry", "yarnpkg"), ("pypi", "org"), ("pypi", "python"), ("files", "pythonhosted"),
        ("deb", "debian"), ("ftp", "debian"), ("security", "debian"), ("proxy", "golang"), ("ghcr", "io"), ("docker", "io"),
        ("cdn", "jsdelivr"), ("unpkg", "com"), ("fonts", "googleapis"),
    )
)  # fmt: skip
LOCK_FILE = ROOT / "agent_desktop/frontend/package-lock.json"


def traces_in(content: bytes) -> list[str]:
    """What stands in there that should not."""
    small = content.lower()
    return [text for text in (*FOLDERS, *REGISTRIES) if text.lower().encode() in small]


@pytest.mark.parametrize("text", [*FOLDERS, *REGISTRIES])
def test_the_scan_sees_each_of_them(text):
    assert traces_in(f'"resolved": "https://x{text}y"'.encode()) == [text]


def test_no_file_names_a_machine_or_a_registry():
    found = {shown(file): traces for file in our_files() if (traces := traces_in(file.read_bytes()))}
    assert found == {}


def test_the_lock_file_leaves_the_registry_to_the_user():
    packages = json.loads(LOCK_FILE.read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")


def test_every_downloaded_package_is_checked_by_its_hash():
    packages = json.loads(LOCK_FILE.read_text(encoding="utf-8"))["packages"]
    downloaded = {name: package for name, package in packages.items() if name}
    assert downloaded
    assert [name for name, package in downloaded.items() if not package.get("integrity", "").startswith("sha512-")] == []
