"""What a page of the console says, as its tests read it: notices, what is wrong beside a field, rows of tables."""

import re
from html import unescape

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
    found = re.search(r'<p class="notice" role="status" tabindex="-1"[^>]*>(.*?)</p>', response.text)
    return unescape(re.sub("<[^>]+>", "", found[1])) if found else ""


def heading(response: TestResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", response.text)
    return unescape(re.sub("<[^>]+>", "", found[1])) if found else ""


def rows(response: TestResponse, caption: str = "") -> list[list[str]]:
    """The rows of the page's tables, or of the one that is called so, as the texts of their cells. Heads are rows.

    Left out: exact times, which screen readers hear, and the details of a row.
    """
    text = response.text.split(f">{caption}</caption>")[1].split("</table>")[0] if caption else response.text
    text = re.sub(r'<span> \([^<]*\)</span>|<dl>.*?</dl>', "", text, flags=re.DOTALL)
    cells = [re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in re.split(r"<tr\b", text)[1:]]
    return [[" ".join(unescape(re.sub("<[^>]+>", "", cell)).split()) for cell in row] for row in cells]
