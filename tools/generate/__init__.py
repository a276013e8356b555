"""Writes what the documents derive from the code: `make docs`. A test compares every text with its file."""

from pathlib import Path

from tools.generate import settings

ROOT = Path(__file__).resolve().parents[2]


def texts() -> dict[str, str]:
    """Every generated file, by its path in the project, with the text that it should have."""
    return {"docs/settings.md": settings.page(), "config/service.env.example": settings.example()}
