"""The ways to a new token: a login at each door, or a token that is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any

from bench.caller import Answer, post_form, post_json
from bench.minted import STREAM, Minted, owner
from bench.place import LOGIN, PASSWORD
from bench.report import BenchError

MOBILE = f"mobile: POST {LOGIN}"
PAIR = "a pair: POST /token"
MANAGEMENT = "management: POST /apiops/auth/token"


@dataclass(frozen=True)
class Way:
    """One request after another, the status of their answers, and where in these the kinds of tokens are."""

    requests: Iterator[bytes]
    status: int
    members: Mapping[str, str]


def ways(minted: Minted) -> dict[str, Way]:
    """The three logins are one user's; a token that is shown is each time another user's."""
    name, password = "bench0", PASSWORD.decode()
    mobile = post_form(LOGIN, **{"username": name, "password": password, "device-info": "bench"})
    pair = post_json("/token", {"login": name, "password": password})
    grant = {"grant_type": "client_credentials", "client_id": name, "client_secret": password}
    stream = {"stream": STREAM, "ttl": 3600, "live": True}
    api, refresh = cycle(minted.texts["api"]), cycle(minted.texts["jwt_refresh"])
    access, management = cycle(enumerate(minted.texts["jwt_access"])), cycle(minted.texts["management"])
    both = {"accessToken": "jwt_access", "refreshToken": "jwt_refresh"}
    create = (post_json("/token/create", _wanted(number), text) for number, text in access)
    personal = (post_json("/apiops/tokens/", _named(number), next(management)) for number in count())
    renew = (post_json("/token/refresh", {"refreshToken": text}) for text in refresh)
    return {
        MOBILE: Way(cycle([mobile]), 200, {"data.access_token": "mobile"}),
        PAIR: Way(cycle([pair]), 201, both),
        MANAGEMENT: Way(cycle([post_form("/apiops/auth/token", **grant)]), 200, {"access_token": "management"}),
        "stream: Auth.CreateAccessToken": Way(
            (post_json("/api/", rpc("Auth.CreateAccessToken", stream), text) for text in api), 200, {"result": "stream"}
        ),
        "api: Auth.CreateApiToken": Way(
            cycle([post_json("/api/", rpc("Auth.CreateApiToken", {"ttl": 3600}))]), 200, {"result": "api"}
        ),
        "a pair: POST /token/create": Way(create, 201, both),
        "jwt_access: POST /token/refresh": Way(renew, 201, {"accessToken": "jwt_access"}),
        "personal: POST /apiops/tokens/": Way(personal, 201, {"token": "personal"}),
    }


def rpc(method: str, params: Mapping[str, Any], number: int = 0) -> dict[str, Any]:
    """A call of JSON-RPC."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def _wanted(number: int) -> dict[str, Any]:
    return {"userId": owner(number).user_id, "actions": ["GetDevice", "GetNetwork"]}


def _named(number: int) -> dict[str, str]:
    return {"name": f"bench {number}", "expires": "never"}


def token_in(answer: Answer, member: str) -> str:
    """What stands there in the answer, as `data.access_token`."""
    try:
        value = answer.json
        for name in member.split("."):
            value = value[name]
        return str(value)
    except (ValueError, KeyError, TypeError):
        raise BenchError(f"no {member} in the answer {answer.body[:600]!r}") from None
