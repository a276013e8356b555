"""Pins the declarations: a default passes its own check, a secret is marked, and help says something at once."""

import pytest

from v1.settings import GROUPS, load
from v1.settings.declaration import NO_DEFAULT, Declaration, declarations, written

DECLARED = [each for group in GROUPS for each in declarations(group)]
URL = "mysql://u:p@h/d"
LIVE = {"DATABASE_URL": URL, "TOKEN_KEYS": "the first key; it is long enough"}


@pytest.mark.parametrize("declared", DECLARED, ids=lambda each: each.name)
def test_a_default_is_one_that_its_reader_would_accept(declared: Declaration) -> None:
    text = written(declared.default)
    if text and declared.name != "TOKEN_KEYS":
        assert declared.read(text) == declared.default
        assert load({**LIVE, declared.name: text}) == load(LIVE)


@pytest.mark.parametrize("declared", DECLARED, ids=lambda each: each.name)
def test_the_help_of_a_setting_begins_with_a_paragraph_of_at_most_four_lines(declared: Declaration) -> None:
    first = declared.help.partition("\n\n")[0]
    assert first[0].isupper() or first[0] in "`1"
    assert first.endswith(".") and first.count("\n") < 4


def test_a_setting_belongs_to_one_group_and_is_loaded_with_it() -> None:
    names = [each.name for each in DECLARED]
    assert len(set(names)) == len(names)
    assert set(vars(load(LIVE))) == {name.lower() for name in names}


def test_only_the_two_urls_have_no_default() -> None:
    assert [each.name for each in DECLARED if each.default is NO_DEFAULT] == ["DATABASE_URL", "MIGRATE_DATABASE_URL"]
