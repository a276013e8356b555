"""Real OAuth clients get a management token and use it: requests-oauthlib in both its ways, and curl."""

import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest
import requests
from oauthlib.oauth2 import BackendApplicationClient, InvalidClientError, OAuth2Error, UnauthorizedClientError
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from tests.conftest import Gunicorn, add_user
from tools.private_server import Server
from v1.passwords.hashes import Passwords


@pytest.fixture
def service(running: Gunicorn, monkeypatch: pytest.MonkeyPatch) -> Gunicorn:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # on loopback without TLS
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return running


def url(service: Gunicorn, path: str) -> str:
    return f"http://127.0.0.1:{service.port}/apiops{path}"


def fetch(session: OAuth2Session, service: Gunicorn, way: str, password: str = "password") -> dict[str, Any]:
    """A token, with the password in the header or in the body."""
    if way == "header":
        return session.fetch_token(url(service, "/auth/token"), auth=HTTPBasicAuth("admin", password))
    return session.fetch_token(url(service, "/auth/token"), client_secret=password, include_client_id=True)


@pytest.fixture
def session() -> Iterator[OAuth2Session]:
    with OAuth2Session(client=BackendApplicationClient("admin")) as made:
        yield made


@pytest.mark.parametrize("way", ["header", "body"])
def test_requests_oauthlib_logs_in_and_works_with_what_it_got(
    service: Gunicorn, session: OAuth2Session, way: str
) -> None:
    token = fetch(session, service, way)
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600) and "refresh_token" not in token
    assert session.get(url(service, "/test/hello/Zoë")).text == "Hello Zoë"

    made = session.post(url(service, "/tokens/"), json={"name": "backup", "expires": "2999-12-31"})
    assert (made.status_code, made.json()["expires"]) == (201, "2999-12-31T23:59:59Z")
    assert session.post(url(service, "/tokens/"), json={"name": "Backup", "expires": "never"}).status_code == 409
    with OAuth2Session(token={"access_token": made.json()["token"], "token_type": "Bearer"}) as other:
        assert other.get(url(service, "/test/hello/world")).text == "Hello world"
        assert other.post(url(service, "/tokens/"), json={"name": "x", "expires": "never"}).status_code == 401
        assert [each["name"] for each in other.get(url(service, "/tokens/")).json()["tokens"]] == ["backup"]
        revoked = session.delete(url(service, f"/tokens/{made.json()['id']}/"))
        assert (revoked.status_code, revoked.json()) == (200, {"revoked": 1})
        assert other.get(url(service, "/test/hello/world")).status_code == 401
    assert session.get(url(service, "/tokens/")).json() == {"tokens": []}


def test_a_wrong_password_is_the_librarys_own_error(
    service: Gunicorn, session: OAuth2Session, gunicorn: Callable[..., Gunicorn], database: Server
) -> None:
    rfc = gunicorn(database, APIOPS_ERRORS="rfc")
    kinds: dict[type[OAuth2Error], Gunicorn] = {UnauthorizedClientError: service, InvalidClientError: rfc}
    for kind, node in kinds.items():
        for way in ("header", "body"):
            with pytest.raises(kind) as caught:
                fetch(session, node, way, "wrong")
            assert caught.value.description == "Bad credentials"
    assert session.token == {}


def curl(service: Gunicorn, path: str, *words: str) -> str:
    """What curl prints."""
    command = ["curl", "-sS", "--noproxy", "*", "--max-time", "60", *words, url(service, path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


WAYS = {
    "-u": ["-u", "admin:{}"],
    "-d": ["-d", "client_id=admin", "--data-urlencode", "client_secret={}"],
}


@pytest.mark.usefixtures("curl")
@pytest.mark.parametrize("way", list(WAYS))
def test_curl_logs_in_and_works_with_what_it_got(service: Gunicorn, way: str) -> None:
    def log_in(password: str) -> dict[str, Any]:
        words = [each.format(password) for each in WAYS[way]]
        return json.loads(curl(service, "/auth/token", "-d", "grant_type=client_credentials", *words))

    assert log_in("wrong") == {"error": "unauthorized_client", "error_description": "Bad credentials"}
    bearer = ["-H", f"Authorization: Bearer {log_in('password')['access_token']}"]
    assert curl(service, "/test/healthcheck") == "OK"
    assert curl(service, "/test/hello/world", *bearer) == "Hello world"
    made = json.loads(curl(service, "/tokens/", *bearer, "-d", '{"name": "backup", "expires": "never"}'))
    assert [each["id"] for each in json.loads(curl(service, "/tokens/", *bearer))["tokens"]] == [made["id"]]
    assert json.loads(curl(service, f"/tokens/{made['id']}/", *bearer, "-X", "DELETE")) == {"revoked": 1}
    dead = json.loads(curl(service, "/test/hello/world", "-H", f"Authorization: Bearer {made['token']}"))
    assert dead == {"error": "unauthorized_client", "error_description": "Invalid token"}


AS_THEY_ARE = ["a+bsecret12", "100%25secure", "50% off", "%zz", "co:lon+%2B", "pä ß+", "plain"]
"""Passwords that curl, requests and requests-oauthlib send by HTTP Basic as they are."""


@pytest.mark.usefixtures("curl")
@pytest.mark.parametrize("password", AS_THEY_ARE)
def test_clients_that_do_not_encode_a_password_log_in_by_basic(
    service: Gunicorn, database: Server, session: OAuth2Session, password: str
) -> None:
    add_user(database, "ann+lee%", Passwords(4).hash(password.encode()).decode())
    words = ("-u", f"ann+lee%:{password}", "-d", "grant_type=client_credentials")
    assert json.loads(curl(service, "/auth/token", *words))["token_type"] == "Bearer"
    assert "access_token" not in curl(service, "/auth/token", words[0], words[1] + "x", *words[2:])
    auth = HTTPBasicAuth(b"ann+lee%", password.encode())
    answer = requests.post(
        url(service, "/auth/token"), auth=auth, data={"grant_type": "client_credentials"}, timeout=60
    )
    assert (answer.status_code, answer.json()["token_type"]) == (200, "Bearer")
    assert session.fetch_token(url(service, "/auth/token"), auth=auth)["token_type"] == "Bearer"
    encoded = HTTPBasicAuth(quote_plus("ann+lee%"), quote_plus(password))
    assert session.fetch_token(url(service, "/auth/token"), auth=encoded)["token_type"] == "Bearer"
