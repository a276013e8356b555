"""Owns what a page of the console says, as its tests read it: notices, what is wrong beside a field, rows of tables."""

import re
from html import unescape
from html.parser import HTMLParser

from werkzeug.test import TestResponse


def beside(response: TestResponse, field: str) -> str:
    """What the page says is wrong with that field; "" for nothing."""
    found = re.search(rf'<p class="wrong" id="{field}-said">(.*?)</p>', response.text)
    assert bool(found) is (f'id="{field}"' in response.text and 'aria-invalid="true"' in tag(response, field))
    return unescape(found[1]) if found else ""


def tag(response: TestResponse, field: str) -> str:
    """The element of that id, as it is written."""
    found = re.search(rf'<\w+ id="{field}"[^>]*>', response.text)
    return found[0] if found else ""


def value(response: TestResponse, field: str) -> str:
    found = re.search(r' value="([^"]*)"', tag(response, field))
    return unescape(found[1]) if found else ""


def notice(response: TestResponse) -> str:
    """What the page says at its top of what was just done; "" for nothing."""
    found = re.search(r'<p class="notice" role="status"[^>]*>(.*?)</p>', response.text)
    return unescape(found[1]) if found else ""


def heading(response: TestResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", response.text)
    return unescape(re.sub("<[^>]+>", "", found[1])) if found else ""


class _Rows(HTMLParser):
    """Gathers the texts of the cells of every row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, name: str, attributes: object) -> None:
        if name == "tr":
            self.rows.append([])
        if name in ("td", "th"):
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, name: str) -> None:
        self._open = self._open and name not in ("td", "th")

    def handle_data(self, text: str) -> None:
        if self._open:
            self.rows[-1][-1] += text


def rows(response: TestResponse, caption: str = "") -> list[list[str]]:
    """The rows of the page's tables, or of the one that is called so, as the texts of their cells. Heads are rows."""
    parser = _Rows()
    text = response.text
    parser.feed(text.split(f">{caption}</caption>")[1].split("</table>")[0] if caption else text)
    return [[" ".join(cell.split()) for cell in row] for row in parser.rows]
