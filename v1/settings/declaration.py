"""How a setting is declared: one call gives its reader, its default and its help.

    port: int = setting(whole_number(1, 65535), 8000, "The port that gunicorn listens on.")

`load` reads the environment by these declarations. `make docs` writes docs/settings.md and config/service.env.example
from them.
"""

from dataclasses import MISSING, dataclass, field, fields
from inspect import cleandoc
from typing import Any, Final, TypeVar

from v1.settings.values import Reader

T = TypeVar("T")

NO_DEFAULT: Final[Any] = MISSING
"""In place of the default of a setting that has none. `load` finds a value or reports a problem."""


@dataclass(frozen=True)
class Declaration:
    """A setting as the loader and the documents see it; `name` is the environment variable."""

    name: str
    default: Any
    read: Reader[object]
    help: str
    default_text: str
    example: str
    preset: str | None


def setting(
    read: Reader[T],
    default: T,
    help: str,
    *,
    default_text: str = "",
    example: str = "",
    preset: str | None = None,
    secret: bool = False,
) -> T:
    """A field of a group of settings.

    `help` is Markdown. Its first paragraph is also the comment in config/service.env.example. `default_text` says the
    default in words. A line of service.env.example is commented out and shows `example`, or else the default; with a
    `preset` it is active and sets that. The value of a `secret` appears in no repr.
    """
    metadata = {"read": read, "help": cleandoc(help), "example": example, "preset": preset}
    metadata["default_text"] = default_text or written(default)
    return field(default=default, repr=not secret, metadata=metadata)


def declarations(group: type) -> list[Declaration]:
    """The settings of a group (or of all groups), in their order."""
    return [Declaration(each.name.upper(), each.default, **each.metadata) for each in fields(group)]


def written(value: object) -> str:
    """The text that an environment variable would have for this value; "" for no value."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "" if value is None or value is NO_DEFAULT else str(value)
