"""The keyboard of somebody who uses nothing else: steps through a page of the console, and what has the focus."""

from typing import Any

from playwright.sync_api import Page

FOCUSED = """() => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    return {
        name: at.ariaLabel || at.labels?.[0]?.innerText || at.innerText.trim(),
        tag: at.tagName,
        dialog: at.closest("dialog") !== null,
        ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || !at.matches(":focus"),
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""
"""(The little calendar in a date field has a ring of Chromium's own; the field itself is then not `:focus`.)"""

MOST = 60
"""Steps to whatever is on these pages."""


def focused(page: Page) -> dict[str, Any]:
    """What has the focus: `name` and `tag`; whether it is in a `dialog`, has a `ring` and is `inside` the window."""
    found: dict[str, Any] = page.evaluate(FOCUSED)
    return found


def step(page: Page, key: str = "Tab") -> str:
    """Go on to the next element; what it is called. It is in the window, with a ring around it."""
    page.keyboard.press(key)
    at = focused(page)
    if at["tag"] == "BODY":  # between the last element and the first
        return ""
    assert at["ring"] and at["inside"], at
    return str(at["name"])


def reach(page: Page, name: str, key: str = "Tab") -> None:
    """Step until the focus is on what is called so."""
    seen = []
    while (found := step(page, key)) != name:
        seen.append(found)
        assert len(seen) < MOST, seen


def go(page: Page, name: str, key: str = "Enter") -> None:
    """Step there and press it, which leads to another page."""
    reach(page, name)
    with page.expect_navigation():
        page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    reach(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
