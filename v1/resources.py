"""Where the files beside the code are: the SQL, gunicorn's configuration and the OpenAPI document."""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `sql`, `config` or `docs`. A wheel carries it inside the package; a clone has a link to it there."""
    return (PACKAGE / name).resolve()
