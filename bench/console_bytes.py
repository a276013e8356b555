"""How many bytes a page of the console is: its HTML in each language, and with all that it loads."""

from bench import console_pages
from bench.caller import Caller, get
from bench.console_pages import LANGUAGES, OVERVIEW, Visitors
from bench.place import Place
from bench.report import Table
from v1.doors.console.overview import WAITING

MOST_BYTES, MOST_OF_OVERVIEW = 50_000, 80_000


def measure(place: Place, caller: Caller, visitors: Visitors) -> Table:
    """Of the answers' bodies, as they go over the wire: a browser asks for style and scripts compressed."""
    found = {name: _lengths(caller, visitors, name) for name in visitors.pages}
    console_pages.let_more_wait(place, visitors)
    found[f"{OVERVIEW}, where {WAITING} wait"] = _lengths(caller, visitors, OVERVIEW)
    rows = [(name, *(f"{one:,}" for one in html), f"{max(html) + beside:,}") for name, (html, beside) in found.items()]
    least = min(beside for _, beside in found.values())
    notes = [f"What every page loads are {least:,} bytes, which a browser asks for once."]
    for name, (html, beside) in found.items():
        most = MOST_OF_OVERVIEW if name.startswith(OVERVIEW) else MOST_BYTES
        if max(html) + beside > most:
            notes.append(f"**{name}: {max(html) + beside:,} bytes**; target {most:,}: MISSED.")
    columns = ("page", *(f"HTML, {each}" for each in LANGUAGES), "the larger with style, scripts and icon")
    title = f"Bytes of the console's pages: at most {MOST_BYTES:,} each, Overview {MOST_OF_OVERVIEW:,}"
    return Table(title, columns, rows, notes)


def _lengths(caller: Caller, visitors: Visitors, name: str) -> tuple[list[int], int]:
    """Of the HTML in each language, and of all that the page loads."""
    page = visitors.pages[name]
    html = [caller.ask(visitors.request(page, language), 200).body for language in LANGUAGES]
    paths = console_pages.loaded(html[0].decode()).values()
    beside = [caller.ask(get(path, "", "Accept-Encoding: gzip"), 200).body for path in paths]
    return list(map(len, html)), sum(map(len, beside))
