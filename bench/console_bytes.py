"""How many bytes a page of the console is: its HTML in each language, and with all that it loads."""

from bench import console_pages
from bench.caller import Caller, get
from bench.console_pages import LANGUAGES, Visitors
from bench.place import Place
from bench.report import Table
from v1.doors.console.overview import WAITING

MOST_BYTES = 50_000


def measure(place: Place, caller: Caller, visitors: Visitors) -> Table:
    """Of the answers' bodies, as they go over the wire: nothing compresses them."""
    found = {name: _lengths(caller, visitors, name) for name in visitors.pages}
    console_pages.let_more_wait(place, visitors)
    found[f"Overview, where {WAITING} wait"] = _lengths(caller, visitors, "Overview")
    beside = _beside(caller, visitors)
    rows = [(name, *(f"{one:,}" for one in html), f"{max(html) + beside:,}") for name, html in found.items()]
    notes = [f"What every page loads are {beside:,} bytes, which a browser asks for once."]
    for name, html in found.items():
        if max(html) + beside >= MOST_BYTES:
            notes.append(f"**{name}: {max(html) + beside:,} bytes**; target {MOST_BYTES:,}: MISSED.")
    columns = ("page", *(f"HTML, {each}" for each in LANGUAGES), "the larger with style, script and icon")
    return Table(f"Bytes of the console's pages: target under {MOST_BYTES:,} each", columns, rows, notes)


def _lengths(caller: Caller, visitors: Visitors, name: str) -> list[int]:
    """Of the HTML in each language."""
    page = visitors.pages[name]
    return [len(caller.ask(visitors.request(page, language), 200).body) for language in LANGUAGES]


def _beside(caller: Caller, visitors: Visitors) -> int:
    html = caller.ask(visitors.request(next(iter(visitors.pages.values()))), 200).body.decode()
    return sum(len(caller.ask(get(path), 200).body) for path in console_pages.loaded(html).values())
