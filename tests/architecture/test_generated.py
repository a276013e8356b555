"""Tests that every generated text is the one that `make docs` would write today."""

import pytest

from tests.conftest import ROOT
from tools import generate
from tools.generate import openapi


def test_every_generated_file_is_what_the_code_says() -> None:
    changed = [name for name, text in generate.texts().items() if (ROOT / name).read_text() != text]
    assert changed == [], "these files are not what the code says: run `make docs`"


def test_two_doors_that_define_the_same_are_told_apart() -> None:
    """A tag, a path or a component. What a door alone has is added to what all share."""
    shared = {"openapi": "3.1.0", "info": {"title": "All", "description": "A. {doors} Z."}}
    door = {"tags": [{"name": "x"}], "paths": {"/x": {}}, "components": {"schemas": {"X": {"type": "null"}}}}
    whole = openapi.merged({"shared": shared, "door": {**door, "info": {"description": "B."}}})
    assert whole == {**shared, **door, "info": {"title": "All", "description": "A. B. Z."}}
    for key, said in (("tags", "x in tags"), ("paths", "/x in paths"), ("components", "X in schemas")):
        with pytest.raises(ValueError, match=f"^a and b both define {said}: rename one of them, or define it once in "):
            openapi.merged({"shared": shared, "a": door, "b": {key: door[key]}})
