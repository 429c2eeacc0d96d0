from pathlib import Path

from launch.file_sizes import too_long


def test_long_sources_are_found_and_what_is_not_ours_is_not(tmp_path: Path) -> None:
    for name, lines in {
        "core/long.py": 11, "core/short.py": 10, "desk/long.css": 11, "notes.md": 99,
        "desk/node_modules/x/long.js": 99, "static/dist/app.js": 99, ".venv/lib/long.py": 99, "var/long.py": 99,
    }.items():  # fmt: skip
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x\n" * lines)

    assert list(too_long(tmp_path, most=10)) == [(tmp_path / "core/long.py", 11), (tmp_path / "desk/long.css", 11)]
