"""The documents link to files and headings that are there."""

import re
from pathlib import Path

from tests.architecture import source
from tests.conftest import ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "bench/results.md"]


def anchors(document: Path) -> set[str]:
    """The headings of a document as links name them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def targets(document: Path) -> list[str]:
    """The files and headings that it links to."""
    text = document.read_text()
    return re.findall(r"\]\(([^):]+)\)", text) + re.findall(r'src="([^":]+)"', text)


def is_there(document: Path, target: str) -> bool:
    path, _, heading = target.partition("#")
    place = document.parent / path if path else document
    return place.exists() and (not heading or heading in anchors(place))


def test_every_file_and_heading_that_a_document_links_to_is_there() -> None:
    links = [(document, target) for document in DOCUMENTS for target in targets(document)]
    assert len(links) > 100
    assert [(source.name(document), target) for document, target in links if not is_there(document, target)] == []


# The others name a file that their reader makes, or files of earlier versions.
PLACES = [each for each in DOCUMENTS if each.name not in ("adding-a-door.md", "CHANGELOG.md", "results.md")]


def test_every_place_that_a_document_names_is_there() -> None:
    named = re.compile(r"`((?:v1|tests|docs|sql|config|bench|tools)/[\w./-]*)`")
    places = [(source.name(document), place) for document in PLACES for place in named.findall(document.read_text())]
    assert len(places) > 50
    assert [each for each in places if not (ROOT / each[1]).exists()] == []
