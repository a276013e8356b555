"""One thing that a token opens at a door, and how it is asked with any text in the token's place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.conftest import Service

Ask = Callable[[Service, str], TestResponse]


@dataclass(frozen=True)
class Operation:
    """Its name, the kinds of token that open it, how it is asked, and whether it writes before it answers.

    The kinds are written down by hand from the design: the tests hold the code to them.
    """

    name: str
    opened_by: tuple[str, ...]
    ask: Ask
    writes: bool = False


def bearer(method: str, path: str, **more: Any) -> Ask:
    """A request with the token in its Authorization header. `more` is what Flask's test client takes."""

    def ask(service: Service, token: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"}
        return service.client.open(path, method=method, headers=headers, **more)

    return ask
