"""The doors that the load goes through: how each logs in, checks and revokes, with its answers judged."""

import json
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urlencode

from tools.cluster import load
from tools.cluster.http_client import Answer, ask
from tools.cluster.ledger import GOOD_AT_CHECK
from tools.cluster.load import PASSWORD, Address, Door
from tools.crash import dialects
from tools.crash.dialects import Judge, document, judged
from v1.auth.core import Core
from v1.tokens import issue

JSON: Final = "application/json"
STREAM: Final = "cam1"


def stream_maker(parts: Core) -> str:
    """The text of an API token that makes stream tokens."""
    return issue.api(parts, 0, "crash", ("stream",), int(parts.clock()), issue.NEVER).secret


def doors(maker: str) -> list[Door]:
    """Every door of the load; client number n takes door n, and begins anew behind the last."""
    return [
        Door(_mobile_login, _verify, _mobile_logout),
        Door(_devicehive_login, _current_user, _revoke_refresh_token),
        Door(partial(_stream_token, maker), _stream_check, _revoke),
        Door(_management_login, _hello, _revoke),
    ]


Login = tuple[Answer, str, str]
Revocation = tuple[Answer, bool, str]


def _login(answer: Answer, token: Any, judge: Judge) -> Login:
    """A login whose answer has this token in the door's place for it."""
    return (answer, token, "") if token and isinstance(token, str) else (judged(answer, judge), "", "")


def _mobile_login(address: Address, name: str) -> Login:
    answer, token, _ = load.log_in(address, name)
    return _login(answer, token, dialects.envelope)


def _verify(address: Address, token: str) -> Answer:
    answer = load.check(address, token)
    is_good = answer.status == GOOD_AT_CHECK and not answer.body
    # Real statuses always, at this endpoint (contract 2): an error whose status says otherwise is none of its dialect.
    found = answer if is_good else judged(answer, dialects.envelope)
    return found if found.status == answer.status else Answer(dialects.FOREIGN, f"{answer.status} {answer.body}")


def _mobile_logout(address: Address, token: str) -> Revocation:
    answer, done, _ = load.revoke(address, token)
    return (answer, True, "") if done else (judged(answer, dialects.envelope), False, "")


def _devicehive_login(address: Address, name: str) -> Login:
    """The token is both texts of the pair, with a space between."""
    asked = json.dumps({"login": name, "password": PASSWORD})
    answer = ask(address, "POST", "/token", form=asked, content_type=JSON)
    found = document(answer)
    whole = answer.status == 201 and found.keys() == {"accessToken", "refreshToken"}
    return _login(answer, " ".join([found["accessToken"], found["refreshToken"]]) if whole else "", dialects.devicehive)


def _current_user(address: Address, token: str) -> Answer:
    answer = ask(address, "GET", "/user/current", token.partition(" ")[0])
    is_good = answer.status == 200 and "login" in document(answer)
    return answer if is_good else judged(answer, dialects.devicehive)


def _revoke_refresh_token(address: Address, token: str) -> Revocation:
    """Ends the access token too, as it is a child of the refresh token."""
    return _revoke(address, token.partition(" ")[2])


def _revoke(address: Address, token: str) -> Revocation:
    """By its holder (RFC 7009): 200 without a body."""
    answer = ask(address, "POST", "/v1/oauth/revoke/", form=urlencode({"token": token}))
    done = answer.status == 200 and not answer.body
    return (answer, True, "") if done else (judged(answer, dialects.oauth), False, "")


def _stream_token(maker: str, address: Address, name: str) -> Login:
    wanted = {"stream": STREAM, "live": True}
    call = {"jsonrpc": "2.0", "method": "Auth.CreateAccessToken", "params": wanted, "id": name}
    answer = ask(address, "POST", "/api/", maker, json.dumps(call), JSON)
    found = document(answer)
    whole = found.keys() == {"jsonrpc", "result", "id"} and found["id"] == name
    return _login(answer, found["result"] if whole else "", dialects.rpc)


def _stream_check(address: Address, token: str) -> Answer:
    query = f"token={quote(token)}&stream={STREAM}&action=live"
    return judged(ask(address, "GET", f"/stream/check?{query}"), dialects.bodiless)


def _management_login(address: Address, name: str) -> Login:
    form = urlencode({"grant_type": "client_credentials", "client_id": name, "client_secret": PASSWORD})
    answer = ask(address, "POST", "/apiops/auth/token", form=form)
    return _login(answer, document(answer).get("access_token", ""), dialects.oauth)


def _hello(address: Address, token: str) -> Answer:
    answer = ask(address, "GET", "/apiops/test/hello/world", token)
    return answer if answer.status == 200 and "world" in answer.body else judged(answer, dialects.oauth)
