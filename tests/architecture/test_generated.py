"""Pins that every generated text is the one that `make docs` would write today, and that nothing is left out of it."""

from dataclasses import replace

import pytest

from tests.conftest import ROOT
from tools import generate
from tools.generate import errors, openapi
from tools.generate.rows import TABLES
from tools.generate.sections import filled


def test_every_generated_file_is_what_the_code_says() -> None:
    changed = [name for name, text in generate.texts().items() if (ROOT / name).read_text() != text]
    assert changed == [], "these files are not what the code says: run `make docs`"


def test_a_table_without_a_row_for_an_error_is_refused() -> None:
    table = TABLES["mobile-errors"]
    with pytest.raises(ValueError, match="no row says when v1.doors.mobile.oauth answers Throttled$"):
        errors.text(replace(table, rows=table.rows[:-1]), {})


def test_two_doors_that_define_the_same_are_told_apart() -> None:
    """A tag, a path or a component. What a door alone has is added to what all share."""
    shared = {"openapi": "3.1.0", "info": {"title": "All", "description": "A. {doors} Z."}}
    door = {"tags": [{"name": "x"}], "paths": {"/x": {}}, "components": {"schemas": {"X": {"type": "null"}}}}
    whole = openapi.merged({"shared": shared, "door": {**door, "info": {"description": "B."}}})
    assert whole == {**shared, **door, "info": {"title": "All", "description": "A. B. Z."}}
    for key, said in (("tags", "x in tags"), ("paths", "/x in paths"), ("components", "X in schemas")):
        with pytest.raises(ValueError, match=f"^a and b both define {said}: rename one of them, or define it once in "):
            openapi.merged({"shared": shared, "a": door, "b": {key: door[key]}})


def test_a_document_that_lacks_a_marker_or_has_an_unknown_one_is_refused() -> None:
    document = "# Title\n<!-- generated: urls -->\nold\n<!-- end -->\nText.\n"
    assert filled(document, {"urls": "new"}) == "# Title\n<!-- generated: urls -->\n\nnew\n\n<!-- end -->\nText.\n"
    for parts in ({}, {"urls": "", "errors": ""}, {"errors": ""}):
        with pytest.raises(ValueError, match="markers"):
            filled(document, parts)
