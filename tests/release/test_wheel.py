"""The wheel is the same, byte for byte, wherever and whenever it is built."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.release import wheel


def git(clone: Path, *words: str, **environ: str) -> None:
    settings = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(clone), *settings, *words], check=True, env=os.environ | environ)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose last commit has the files of this checkout: those that are not committed yet, too."""
    place = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--shared", str(ROOT), str(place)], check=True)
    listed = subprocess.check_output(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    )
    copy = ["rsync", "--archive", "--files-from=-", "--from0", "--ignore-missing-args", f"{ROOT}/", f"{place}/"]
    subprocess.run(copy, input=listed, check=True)
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--allow-empty", "--message=all", GIT_COMMITTER_DATE="2026-01-02T03:04:05Z")
    return place


def test_two_builds_at_two_times_in_two_places_are_equal(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = wheel.build("HEAD", tmp_path / "first", clone)
    other = tmp_path / "another name/clone"
    subprocess.run(["git", "clone", "--quiet", str(clone), str(other)], check=True)
    for path in [each for each in other.rglob("*") if ".git" not in each.parts and not each.is_symlink()]:
        path.chmod(0o700)  # as with another umask
        os.utime(path, (1_000_000_000, 1_000_000_000))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    before = os.umask(0o077)
    try:
        second = wheel.build("HEAD", tmp_path / "second", other)
    finally:
        os.umask(before)
    assert first.name == second.name and first.read_bytes() == second.read_bytes()


def test_its_files_have_the_time_of_the_commit_and_plain_modes(clone: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel.build("HEAD", tmp_path / "built", clone)) as archive:
        found = archive.infolist()
    assert len(found) > 150 and {each.date_time for each in found} == {(2026, 1, 2, 3, 4, 4)}
    assert {oct(each.external_attr >> 16) for each in found} <= {"0o100644", "0o100755", "0o100664"}
