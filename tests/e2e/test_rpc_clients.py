"""`/api/` before real clients: the curl and PHP programs that the media server's pages print, jsonrpcclient."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jsonrpcclient
import pytest
import requests
from jsonrpcclient import Error, Ok

from tests.conftest import Gunicorn
from tests.doors.media.rpc_calls import API_TOKEN, STREAM_TOKEN
from tools.private_server import Server

API, ACCESS, CHECK = "Auth.CreateApiToken", "Auth.CreateAccessToken", "Auth.CheckAccessToken"

CURL = """curl -k --request POST --url 'https://your-domain/api/' --header 'Content-Length: 114' \
--header 'Content-Type: application/json' --header 'Accept: application/json' \
--header 'Authorization: Bearer <api-authorization-token>' --header 'Content-Length: <Data length>' --data '{
    "jsonrpc": "2.0",
    "method": "Auth.CreateApiToken",
    "params": {
        "ttl": 0
    },
    "id": 1
}'"""
CURL_STREAM = CURL.replace('"ttl": 0', '"stream": "uid",\n        "ttl": 3600').replace("Length: 114", "Length: 142")


def in_bash(command: str) -> str:
    """Run a command line; what it printed."""
    environ = {"PATH": os.environ["PATH"]}
    done = subprocess.run(["bash", "-c", command], env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def filled_in(command: str, service: Gunicorn, token: str) -> str:
    """The printed command with its placeholders replaced and nothing else."""
    (length,) = re.findall(r"Content-Length: (\d+)", command)
    assert int(length) == len(command.split("--data '")[1][:-1])
    command = command.replace("https://your-domain/", f"http://127.0.0.1:{service.port}/")
    return command.replace("<api-authorization-token>", token).replace("<Data length>", length)


@pytest.mark.usefixtures("curl")
def test_the_printed_curl_command_makes_an_api_token_and_then_a_stream_token(running: Gunicorn) -> None:
    made = json.loads(in_bash(filled_in(CURL, running, "none-yet")))
    assert list(made) == ["jsonrpc", "result", "id"] and re.fullmatch(API_TOKEN, made["result"])
    opened = json.loads(in_bash(filled_in(CURL_STREAM, running, made["result"])))
    assert re.fullmatch(STREAM_TOKEN, opened["result"]) and opened["id"] == 1
    refused = json.loads(in_bash(filled_in(CURL_STREAM, running, "none-yet")))
    assert refused == {"jsonrpc": "2.0", "error": {"code": -32001, "message": "Unauthorized"}, "id": 1}


@pytest.mark.usefixtures("curl")
def test_bare_results_are_what_the_pages_print(gunicorn: Callable[..., Gunicorn], database: Server) -> None:
    bare = gunicorn(database, RPC_BARE_RESULTS="1")
    made = in_bash(filled_in(CURL, bare, "none-yet"))
    assert re.fullmatch(f'"{API_TOKEN}"', made)
    assert re.fullmatch(f'"{STREAM_TOKEN}"', in_bash(filled_in(CURL_STREAM, bare, made.strip('"'))))


def test_the_printed_php_programs_make_an_api_token_and_then_a_stream_token(
    running: Gunicorn, database: Server, run_php: Callable[..., str]
) -> None:
    def run(script: str, params: str, token: str) -> str:
        length = len('{"jsonrpc":"2.0","method":"Auth.CreateApiToken","params":' + params + ',"id":1}')
        given = {"URL": f"http://127.0.0.1:{running.port}/api/", "API_TOKEN": token, "LENGTH": str(length)}
        answer = json.loads(run_php(script, database, **given))
        assert list(answer) == ["jsonrpc", "result", "id"]
        return str(answer["result"])

    made = run("create_api_token.php", '{"ttl":0}', "none-yet")
    assert re.fullmatch(API_TOKEN, made)
    opened = run("create_access_token.php", '{"stream":"uid","ttl":3600}', made)
    assert re.fullmatch(STREAM_TOKEN, opened)
    names = database.sql("SELECT kind, name FROM auth_tokens ORDER BY id", "gatepass")
    assert names == "api\tAuth.CreateApiToken\nstream\tuid\n"


@dataclass(frozen=True)
class Caller:
    """jsonrpcclient, with requests to carry what it writes."""

    service: Gunicorn
    session: requests.Session

    def send(self, body: object) -> requests.Response:
        return self.session.post(f"http://127.0.0.1:{self.service.port}/api/", json=body, timeout=60)

    def call(self, method: str, *values: object, **named: object) -> object:
        return jsonrpcclient.parse(self.send(jsonrpcclient.request(method, params=values or named)).json())


@pytest.fixture
def caller(running: Gunicorn) -> Iterator[Caller]:
    with requests.Session() as session:
        session.trust_env = False
        yield Caller(running, session)


def test_jsonrpcclient_reads_successes_and_errors(caller: Caller) -> None:
    made = caller.call(API, ttl=0)
    assert isinstance(made, Ok) and re.fullmatch(API_TOKEN, made.result)
    refused = caller.call(ACCESS, "cam1")
    assert isinstance(refused, Error) and (refused.code, refused.message) == (-32001, "Unauthorized")
    caller.session.headers["Authorization"] = f"Bearer {made.result}"
    opened = caller.call(ACCESS, "cam1", 60, True)
    assert isinstance(opened, Ok)
    checked = caller.call(CHECK, token=opened.result, stream="cam1", action="live")
    assert isinstance(checked, Ok) and checked.result["allowed"] is True
    wrong = caller.call(ACCESS, stream="cam1", ttl=-1)
    assert isinstance(wrong, Error) and wrong.code == -32602 and "ttl" in wrong.data
    assert wrong.id == refused.id + 3, "each call has an id of its own, which comes back"


def test_jsonrpcclient_sends_batches_and_notifications(caller: Caller, database: Server) -> None:
    calls = [jsonrpcclient.request(API, {"ttl": 60}) for _ in range(3)]
    batch = [*calls, jsonrpcclient.notification(API, {"ttl": 60}), jsonrpcclient.request("Auth.Nothing")]
    answers = list(jsonrpcclient.parse(caller.send(batch).json()))
    assert [type(each) for each in answers] == [Ok, Ok, Ok, Error]
    assert [each.id for each in answers] == [each["id"] for each in [*calls, batch[-1]]]
    told = caller.send(jsonrpcclient.notification(API, {"ttl": 60}))
    assert (told.status_code, told.content) == (204, b"")
    assert database.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "5\n"
