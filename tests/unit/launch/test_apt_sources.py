import pytest

from core.errors import HaloError
from launch.install.apt_sources import Source, deb822_sources, debian_mirror, one_line_sources, read_sources, release_codename

DEB822 = """# written by an installer
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm
 bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/some.gpg

Types: deb
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main
Enabled: no

Types: deb-src
URIs: http://sources.example/debian
Suites: bookworm
Components: main
"""


def test_one_line_entries_are_read_with_and_without_options() -> None:
    lines = (
        "deb http://a.example/debian bookworm main contrib",
        "# deb http://b.example x main",
        "deb [arch=amd64 signed-by=/k] https://c.example/d s m # why",
    )

    assert list(one_line_sources("\n".join(lines))) == [
        Source("http://a.example/debian", "bookworm", ("main", "contrib")),
        Source("https://c.example/d", "s", ("m",)),
    ]


def test_a_source_package_line_is_no_source_of_programs() -> None:
    assert list(one_line_sources("deb-src http://a.example/debian bookworm main\n")) == []


def test_deb822_values_may_go_on_in_indented_lines_and_disabled_paragraphs_do_not_count() -> None:
    assert list(deb822_sources(DEB822)) == [
        Source("http://mirror.example/debian", "bookworm", ("main", "contrib")),
        Source("http://mirror.example/debian", "bookworm-updates", ("main", "contrib")),
    ]


def test_both_forms_are_read_from_their_folders(tmp_path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text("deb http://one.example/debian bookworm main\n")
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822)
    (tmp_path / "sources.list.d" / "kept.list.save").write_text("deb http://old.example/debian bookworm main\n")

    assert [source.uri for source in read_sources(tmp_path)] == [
        "http://one.example/debian",
        "http://mirror.example/debian",
        "http://mirror.example/debian",
    ]


def test_the_mirror_is_the_one_of_debian_itself_not_of_another_vendor_or_of_security_updates() -> None:
    sources = [
        Source("https://vendor.example/apt", "tool-bookworm", ("main",)),
        Source("http://security.example/debian-security", "bookworm-security", ("main",)),
        Source("cdrom:[Debian 12]/", "bookworm", ("main",)),
        Source("http://mirror.example/debian/", "bookworm", ("main",)),
    ]

    assert debian_mirror(sources, "bookworm") == "http://mirror.example/debian"


def test_without_a_web_mirror_the_error_says_where_to_name_one() -> None:
    with pytest.raises(HaloError) as error:
        debian_mirror([Source("cdrom:[Debian 12]/", "bookworm", ("main",))], "bookworm")

    assert "/etc/apt/sources.list" in error.value.next_step


@pytest.mark.parametrize(
    ("text", "codename"),
    [('ID=debian\nVERSION_CODENAME="bookworm"\n', "bookworm"), ("ID=ubuntu\nVERSION_CODENAME=noble\n", ""), ("ID=debian\n", "")],
)
def test_only_debian_has_a_release_name_for_us(tmp_path, text: str, codename: str) -> None:
    (tmp_path / "os-release").write_text(text)

    assert release_codename(tmp_path / "os-release") == codename
