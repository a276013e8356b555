"""Pins that every generated file is the one that `make docs` would write today."""

import pytest

from tests.conftest import ROOT
from tools import generate

TEXTS = generate.texts()


@pytest.mark.parametrize("name", TEXTS)
def test_a_generated_file_is_what_the_code_says(name: str) -> None:
    assert (ROOT / name).read_text() == TEXTS[name], f"{name} is not what the code says: run `make docs`"
