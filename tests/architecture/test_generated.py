"""Tests that every generated text is the one that `make docs` would write today."""

from tests.conftest import ROOT
from tools import generate


def test_every_generated_file_is_what_the_code_says() -> None:
    changed = [name for name, text in generate.texts().items() if (ROOT / name).read_text() != text]
    assert changed == [], "these files are not what the code says: run `make docs`"
