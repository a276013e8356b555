"""Real clients introspect as back ends do: by HTTP Basic, by `client_secret` in the form, and by Bearer."""

import json
import subprocess
from collections.abc import Callable

import pytest
import requests
from requests.auth import HTTPBasicAuth

from tests.commands import flask
from tests.conftest import Gunicorn, add_user
from tools.private_server import Server


@pytest.mark.usefixtures("curl")
def test_curl_and_requests_introspect_in_every_way(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    add_user(database, "admin")
    running = gunicorn(database)
    where = f"http://127.0.0.1:{running.port}/v1/oauth"
    caller = flask(database, "token", "create", "orders", "--scope", "introspect").strip()
    login = requests.post(f"{where}/", data={"username": "admin", "password": "password"}, timeout=60).json()
    token = login["data"]["access_token"]

    for words in (
        ("-u", f"client id:{caller}"),
        ("-d", "client_id=orders", "-d", f"client_secret={caller}"),
        ("-H", f"Authorization: Bearer {caller}"),
    ):
        command = ["curl", "-sS", "--noproxy", "*", "-d", f"token={token}", *words, f"{where}/introspect/"]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
        assert (found["active"], found["username"]) == (True, "admin"), words[0]

    asked = {"token": token}
    answer = requests.post(f"{where}/introspect", data=asked, auth=HTTPBasicAuth("orders", caller), timeout=60)
    assert answer.json()["active"] is True
    answer = requests.post(f"{where}/introspect", data=asked, auth=HTTPBasicAuth("orders", "wrong"), timeout=60)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="Gatepass"')
    running.stop()
    assert caller not in running.log.read_text()
