"""Pins that axe finds no barrier on any page, in either language and theme, on a phone and on a desktop."""

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import axe
from tests.e2e.console import Console
from tests.e2e.console_data import Filled
from tests.e2e.console_states import states

CONTRAST = """async () => (await axe.run(document, {runOnly: ["color-contrast"]})).violations.flatMap(
    (each) => each.nodes.map((node) => `${each.id}: ${node.target.join(" ")}`))"""


def barriers(page: Page) -> list[str]:
    """In the theme of the page, and those of contrast in the other one too."""
    found = axe(page)
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.emulate_media(color_scheme="light" if dark else "dark", reduced_motion="reduce")  # colours change at once
    found += [f"in the other theme: {each}" for each in page.evaluate(CONTRAST)]
    page.emulate_media(color_scheme="dark" if dark else "light")
    return found


@pytest.mark.parametrize(
    "size, theme, locale", [("phone", "dark", "tr-TR"), ("desktop", "light", "en-US")]
)
def test_axe_finds_nothing(full_console: Console, filled: Filled, size: str, theme: str, locale: str) -> None:
    wanted = {"size": size, "theme": theme, "locale": locale}
    found = {state: barriers(page) for state, page in states(full_console, filled, **wanted)}
    wrong = [f"{state}: {each}" for state, all_of_it in found.items() for each in all_of_it]
    assert len(found) > 25 and not wrong, "\n".join(wrong)
