"""MySQL's packages come from the system's own Debian mirror, signed by Debian, or not at all."""

from pathlib import Path

import pytest

from tools import debian_mirror, fetch_mysql
from tools.private_server import ServerError

MODERN = """\
Types: deb
# A comment in a stanza.
URIs: http://mirror.example/security/debian-security
Suites: stable-security
Components: main

Types: deb deb-src
URIs: {uri}
Suites: stable
 stable-updates
Components: main contrib
"""


def sources(place: Path, text: str, name: str = "debian.sources") -> Path:
    """A folder like /etc/apt."""
    path = place / "sources.list.d" / name if "." in name and name != "sources.list" else place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return place


@pytest.mark.parametrize(
    "uri", ["http://mirror.example/debian", "https://mirror.example/pub/debian/", "mirror+file:/etc/apt/debian.list"]
)
def test_the_mirror_is_the_one_that_apt_has(tmp_path: Path, uri: str) -> None:
    assert debian_mirror.mirror(sources(tmp_path / "a", MODERN.format(uri=uri))) == uri
    old = f"# deb http://old.example/debian stable main\ndeb [arch=amd64] {uri} stable main\n"
    assert debian_mirror.mirror(sources(tmp_path / "b", old, "sources.list")) == uri


@pytest.mark.parametrize(
    "text",
    [
        "",
        MODERN.format(uri="http://mirror.example/ubuntu"),
        "Enabled: no\nTypes: deb\nURIs: http://mirror.example/debian\nSuites: stable\nComponents: main\n",
        "Types: deb\nURIs: http://other.example/linux/debian\nSuites: stable\nComponents: stable\n",
    ],
    ids=["none", "another system's", "one that is switched off", "another program's"],
)
def test_without_a_debian_mirror_one_line_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(ServerError, match=r"^MySQL cannot be fetched: no Debian mirror in [^\n]*or MariaDB$"):
        fetch_mysql.root(tmp_path / "kept", sources(tmp_path, text))


def test_a_mirror_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """And the next run begins anew."""
    place = sources(tmp_path, MODERN.format(uri=f"file:{tmp_path}/debian"))
    for _ in range(2):
        with pytest.raises(ServerError, match=r"^MySQL cannot be fetched: apt-get: [^\n]*; try again later$"):
            fetch_mysql.root(tmp_path / "kept", place)


def test_packages_that_debian_has_not_signed_are_refused(tmp_path: Path) -> None:
    suite = tmp_path / "debian/dists/unstable"
    (suite / "main/binary-amd64").mkdir(parents=True)
    (suite / "main/binary-amd64/Packages").write_text(f"Package: {fetch_mysql.PACKAGES[0]}\nVersion: 9\n")
    (suite / "Release").write_text("Suite: unstable\nCodename: sid\nComponents: main\n")
    place = sources(tmp_path, MODERN.format(uri=f"file:{tmp_path}/debian"))
    with pytest.raises(ServerError, match="is not signed"):
        fetch_mysql.root(tmp_path / "kept", place)
    assert not (tmp_path / "kept/root").exists()
