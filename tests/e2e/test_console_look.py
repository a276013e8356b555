"""Pins that axe finds no barrier on any page: dark and in Turkish on a phone, light and in English on a desktop."""

import pytest

from tests.e2e.browser import axe
from tests.e2e.console import Console
from tests.e2e.console_data import Filled
from tests.e2e.console_states import states


@pytest.mark.parametrize(
    "size, theme, locale", [("phone", "dark", "tr-TR"), ("desktop", "light", "en-US")]
)
def test_axe_finds_nothing(full_console: Console, filled: Filled, size: str, theme: str, locale: str) -> None:
    wanted = {"size": size, "theme": theme, "locale": locale}
    found = {state: axe(page) for state, page in states(full_console, filled, **wanted)}
    wrong = [f"{state}: {each}" for state, all_of_it in found.items() for each in all_of_it]
    assert len(found) > 25 and not wrong, "\n".join(wrong)
