"""What OPTIONS answers at every path: the methods that docs/openapi.json has there, and no body."""

import pytest

from tests.conftest import Service
from tests.doors.openapi import DOCUMENT, METHODS, STREAM, VERIFY

PATHS = [path for path in DOCUMENT["paths"] if path not in (VERIFY, STREAM) and not path.startswith("/console/")]
"""Those of Flask: a check in front of it answers OPTIONS in its own way, and an administrator's page is a 404."""


@pytest.mark.parametrize("path", PATHS)
def test_options_tells_the_methods_of_a_path(service: Service, path: str) -> None:
    methods = {method.upper() for method in METHODS if method in DOCUMENT["paths"][path]}
    methods |= {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    answer = service.client.options(path.replace("{id}", "7").replace("{name}", "Ann"))
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Allow"] == ", ".join(sorted(methods))
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    assert "Content-Type" not in answer.headers, "an empty answer has no type"
