"""The version stands in setup.cfg, and everything that repeats it is written from there."""

import re
import subprocess

import pytest

from tests.conftest import ROOT
from tools.generate import version

TEXT = re.compile(rf"(?<![\d.]){re.escape(version.version())}(?![\d.])")
OTHER_PLACES = {"setup.cfg", "docs/openapi.json", "CHANGELOG.md"}
"""setup.cfg has it, docs/openapi.json gets it from tools/generate/openapi.py; the changelog tells its past."""


@pytest.mark.parametrize("name", version.COPIES)
def test_a_new_version_gets_into_each_file_that_repeats_it(name: str) -> None:
    text = version.written(name, (ROOT / name).read_text(), "7.8.9")
    assert "7.8.9" in text and not TEXT.search(text)


def test_no_other_file_repeats_it() -> None:
    words = ["--word-regexp", "--fixed-strings", "--name-only", version.version()]
    command = ["git", "grep", *words, "--", ":!tests", ":!bench"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.split()
    assert set(found) - {"config/requirements.txt", "config/build-requirements.txt"} <= {*version.COPIES, *OTHER_PLACES}
