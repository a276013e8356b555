"""The documents link to files and headings that are there."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "bench/results.md"]


def anchors(document: Path) -> set[str]:
    """The headings of a document as links name them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_and_heading_that_a_document_links_to_is_there(document: Path) -> None:
    text = document.read_text()
    for target in re.findall(r"\]\(([^):]+)\)", text) + re.findall(r'src="([^":]+)"', text):
        path, _, heading = target.partition("#")
        place = document.parent / path if path else document
        assert place.exists(), target
        assert not heading or heading in anchors(place), target


# The others name a file that their reader makes, or files of earlier versions.
PLACES = [each for each in DOCUMENTS if each.name not in ("adding-a-door.md", "CHANGELOG.md", "results.md")]


@pytest.mark.parametrize("document", PLACES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_place_that_a_document_names_is_there(document: Path) -> None:
    named = re.findall(r"`((?:v1|tests|docs|sql|config|bench|tools)/[\w./-]*)`", document.read_text())
    assert [place for place in named if not (ROOT / place).exists()] == []
