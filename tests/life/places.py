"""The places where a token may be shown, and what each says of it: is it good, and until when?"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlencode

from tests.conftest import Gunicorn
from tests.e2e import wire
from tests.life.model import Model, Token
from tests.life.world import CAMERA, World
from v1.kinds import BY_NAME, VERIFIABLE
from v1.tokens.text import digest

Said = dict[str, Any]
"""What each place says of a token; False where it is refused."""


def said_by_doors(world: World, token: Token, inspector: str) -> Said:
    """What the doors say: introspection, the check of a header where the kind may have one, and the kind's own door."""
    found = world.ask("POST", "/v1/oauth/introspect/", inspector, data={"token": token.text}).json
    said: Said = {"introspection": found["active"] and (found["kind"], found["exp"])}
    if token.kind in VERIFIABLE:
        answer = world.ask("GET", "/v1/verify/", token.text)
        said["verify"] = answer.status_code == 200 and verified(answer.headers)
    return said | {"own door": OWN_DOOR[token.kind](world, token)}


def expected(model: Model, token: Token) -> Said:
    """What they should say. The end of a console session is as it was before this use."""
    good = model.is_good(token)
    said: Said = {"introspection": good and (token.kind, token.expiry), "own door": good}
    if token.kind in VERIFIABLE:
        said["verify"] = good and (str(token.user), token.kind, str(token.expiry))
    return said


def verified(headers: Any) -> tuple[str, str, str]:
    return headers["x-auth-user-id"], headers["x-auth-token-kind"], headers["x-auth-expires"]


def _is_renewed(world: World, token: Token) -> bool:
    """A refresh token makes an access token, which is revoked at once."""
    answer = world.ask("POST", "/token/refresh", json={"refreshToken": token.text})
    if answer.status_code == 201:
        made = json.loads(answer.data)["accessToken"]
        assert world.ask("POST", "/v1/oauth/revoke/", data={"token": made}).status_code == 200
    return answer.status_code == 201


def _opens_console(world: World, token: Token) -> bool:
    answer = world.console("GET", "/console/", token.text)
    return not answer.headers["Location"].startswith("/console/sign-in/")


def _opens_api(world: World, token: Token) -> bool:
    """An API token opens what its scope says."""
    if token.scope == "stream":
        return "result" in world.rpc("Auth.CheckAccessToken", token.text, token="x", stream=CAMERA, action="live")
    path, field = ("introspect", "token") if token.scope == "introspect" else ("revoke", "user")
    return world.ask("POST", f"/v1/oauth/{path}/", token.text, data={field: "nobody"}).status_code == 200


def _asks(path: str, good: int) -> Callable[[World, Token], bool]:
    return lambda world, token: world.ask("GET", path, token.text).status_code == good


OWN_DOOR: Final[dict[str, Callable[[World, Token], bool]]] = {
    "mobile": lambda world, token: world.ask("GET", "/v1/sessions/", token.text).json["success"],
    "api": _opens_api,
    "stream": lambda world, token: world.ask("GET", "/stream/check", query_string=stream(token)).status_code == 204,
    "jwt_access": _asks("/user/current", 200),
    "jwt_refresh": _is_renewed,
    "management": _asks("/apiops/test/hello/me", 200),
    "personal": _asks("/apiops/test/hello/me", 200),
    "console": _opens_console,
}
assert OWN_DOOR.keys() == BY_NAME.keys()


def stream(token: Token) -> dict[str, str]:
    """What a media server asks."""
    return {"token": token.text, "stream": CAMERA, "action": "live"}


def said_by_loop(service: Gunicorn, tokens: Iterable[Token], paths: Iterable[str]) -> dict[tuple[int, str], bool]:
    """What a service says of each token on one connection, at the check of streams or at these paths."""
    said = {}
    with wire.connect(service) as client:
        for token in tokens:
            for path, head in _requests(token, paths):
                client.sendall(f"GET {head}\r\n\r\n".encode())
                status = wire.read_answer(client).status
                assert status in (200, 204, 401, 403), (path, token, status)
                said[token.id, path] = status < 300
    return said


def _requests(token: Token, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The paths where it may be shown, and the head of each request."""
    if token.kind in VERIFIABLE:
        for path in paths:
            yield path, f"{path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token.text}"
    elif token.kind == "stream" and "/page" not in paths:
        yield "/stream/check", f"/stream/check?{urlencode(stream(token))} HTTP/1.1\r\nHost: a"


def said_by_sql(world: World, model: Model) -> dict[str, set[int]]:
    """The ids that PHP's own SELECT finds of its tokens, and those of the view for DBAs, at this time."""
    keys = [digest(each.text) for each in model.tokens.values() if each.kind == "mobile"] or [""]
    marks, now = ", ".join(["%s"] * len(keys)), world.clock()
    php = world.sql(f"SELECT id FROM auth_tokens WHERE auth_key IN ({marks}) AND expiry > %s", *keys, now)
    return {"php": {row[0] for row in php}, "view": said_by_view(world)}


def said_by_view(world: World) -> set[int]:
    """The ids of the live tokens, as DBAs see them."""
    world.sql("SET timestamp = %s", world.clock())
    found = world.sql("SELECT id FROM active_sessions")
    world.sql("SET timestamp = DEFAULT")
    return {row[0] for row in found}


def rows(world: World) -> set[tuple[int, int, str, int, int, str]]:
    """Whose, of what kind, until when, when last used, and of what name each row is."""
    return set(world.sql("SELECT id, user_id, kind, expiry, last_access, COALESCE(name, '') FROM auth_tokens"))
