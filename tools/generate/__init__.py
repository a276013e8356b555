"""Writes what the documents derive from the code: `make docs`. A test compares every text with its file."""

from pathlib import Path

from tools.generate import capacity, errors, openapi, settings, urls, version
from tools.generate.rows import TABLES
from tools.generate.sections import filled
from v1 import create_app
from v1.settings import load

ROOT = Path(__file__).resolve().parents[2]
UNCONNECTED = {"DATABASE_URL": "mysql://nobody:@127.0.0.1/nothing", "APP_ENV": "development"}
"""Nothing connects to a database before the first request."""

ARCHITECTURE, CAPACITY, ERRORS = "docs/architecture.md", "docs/capacity.md", "docs/errors.md"


def texts() -> dict[str, str]:
    """Every generated file, by its path in the project, with the text that it should have."""
    apps = {status: create_app(load({**UNCONNECTED, "ERROR_STATUS": status})) for status in ("php", "http")}
    described = openapi.document()
    tables = {name: errors.text(table, apps) for name, table in TABLES.items()}
    return {
        **version.texts(),
        "docs/settings.md": settings.page(),
        "config/service.env.example": settings.example(),
        "docs/openapi.json": openapi.text(described) + "\n",
        ARCHITECTURE: filled((ROOT / ARCHITECTURE).read_text(), {"urls": urls.tables(apps["php"], described)}),
        CAPACITY: filled((ROOT / CAPACITY).read_text(), {"capacity": capacity.table()}),
        ERRORS: filled((ROOT / ERRORS).read_text(), tables),
    }
