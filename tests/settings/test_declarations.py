"""Tests that the default of each setting passes its own check, and that no setting is declared twice."""

import pytest

from v1.settings import GROUPS, load
from v1.settings.declaration import Declaration, declarations, written

DECLARED = [each for group in GROUPS for each in declarations(group)]
URL = "mysql://u:p@h/d"
LIVE = {"DATABASE_URL": URL, "TOKEN_KEYS": "the first key; it is long enough"}


@pytest.mark.parametrize("declared", DECLARED, ids=lambda each: each.name)
def test_a_default_is_one_that_its_reader_would_accept(declared: Declaration) -> None:
    text = written(declared.default)
    if text and declared.name != "TOKEN_KEYS":
        assert declared.read(text) == declared.default
        assert load({**LIVE, declared.name: text}) == load(LIVE)


def test_a_setting_belongs_to_one_group_and_is_loaded_with_it() -> None:
    names = [each.name for each in DECLARED]
    assert len(set(names)) == len(names)
    assert set(vars(load(LIVE))) == {name.lower() for name in names}
