"""Pins what OPTIONS is answered with at the doors of every token system: which methods there are, and no body."""

import pytest

from tests.conftest import Service

ALLOWED = {
    "/api/": "OPTIONS, POST",
    "/token": "OPTIONS, POST",
    "/apiops/auth/token": "OPTIONS, POST",
    "/user/current": "GET, HEAD, OPTIONS",
    "/apiops/tokens/": "GET, HEAD, OPTIONS, POST",
    "/apiops/tokens/7": "DELETE, OPTIONS",
}


@pytest.mark.parametrize("path", ALLOWED)
def test_options_tells_the_methods_and_is_kept_by_no_cache(service: Service, path: str) -> None:
    answer = service.client.options(path)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Allow"] == ALLOWED[path]
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    assert "Content-Type" not in answer.headers, "there is none of nothing"
