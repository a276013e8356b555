"""Reads the console's templates and pages for the texts that people see in them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from jinja2 import Environment, nodes

TRANSLATES: Final = {"_", "gettext", "ngettext", "pgettext"}

SHOWN: Final = {"title", "aria-label", "aria-description", "alt", "placeholder", "label", "data-copied", "data-said"}
"""Attributes that are read or heard; so is `value`, of a button."""

SILENT: Final = {"script", "style", "code"}
BRAND: Final = "Gatepass"


def untranslated(template: str) -> list[str]:
    """The literal texts of the template that people see and `_()` does not: in its HTML, and in its expressions."""
    return shown(re.sub(r"{[{%#].*?[}%#]}", " ", template, flags=re.DOTALL)) + list(_prose(template))


def shown(html: str) -> list[str]:
    """What people read and hear of a page."""
    page = _Page()
    page.feed(html)
    page.close()
    return page.found


class _Page(HTMLParser):
    """Collects the texts between the tags, and in the attributes that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        button = tag == "button" or (tag == "input" and dict(attributes).get("type") in ("submit", "button", "reset"))
        for name, value in attributes:
            if name in SHOWN or (name == "value" and button):
                self._see(value or "")

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not SILENT & set(self._open):
            self._see(data)

    def _see(self, text: str) -> None:
        if _letters(text.replace(BRAND, "")):
            self.found.append(" ".join(text.split()))


def _prose(template: str) -> Iterator[str]:
    """The literals anywhere in the code that read like a text (a capital first, or words), as a macro may be given
    them; and what `_()` is given that is no literal, so that no extraction can find it."""
    tree = Environment().parse(template)
    translated: set[int] = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATES:
            translated |= {id(each) for each in call.args}
            if not all(isinstance(each, nodes.Const) for each in call.args[:1]):
                yield f"{call.node.name}(..) in line {call.lineno}"
    for node in tree.find_all(nodes.Const):
        text = node.value if isinstance(node.value, str) else ""
        if id(node) not in translated and _letters(text) and (text[0].isupper() or len(text.split()) > 1):
            yield text


def _letters(text: str) -> bool:
    return any(char.isalpha() for char in text)
