"""Where the files beside the code are: the SQL, gunicorn's configuration and the OpenAPI document."""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `sql`, `config` or `docs`. A wheel carries it inside the package; a clone has it beside."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
