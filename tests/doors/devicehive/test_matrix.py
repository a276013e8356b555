"""Who may mint what for whom at `/token/create`: one table of bearer, owner and what is asked for."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import COST_4, Service
from tests.doors.devicehive.hive import Pair, change, create, is_refused, log_in, pair, payload, rows
from v1.tokens.rights import ADMIN_ONLY, EVERY, MANAGE_TOKEN, Rights

ASKS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "less": {"actions": ["GetDevice"]},
    "more": {"actions": ["GetDevice", "RegisterDevice"]},
    "admins": {"actions": ["GetDevice", "ManageUser"]},
    "star": {"actions": ["*"]},
    "net8": {"networkIds": [7, 8]},
    "type8": {"deviceTypeIds": [7, 8]},
    "any": {"networkIds": None, "deviceTypeIds": None},
    "all": {"networkIds": ["*"]},
    "all2": {"deviceTypeIds": ["*"]},
    "later": {"expiration": "later"},
    "later2": {"refreshExpiration": "later"},
}
"""What is asked for, of network 7 and device type 7 unless it says otherwise. `any` is all that the owner may access.
`more` has an action that the restricted bearers lack, `later` ends a second after the bearer's refresh token. Beside
them `own`: all that the bearer has."""

TABLE = """
bearer             for       nothing  own less more admins star  net8 type8 any  all all2  later later2
client             itself        201  201  201  201    403  403   201   201 201  403  403    403    403
client             other         403  403  403  403    403  403   403   403 403  403  403    403    403
client             nobody        403  403  403  403    403  403   403   403 403  403  403    403    403
client:7           itself        201  201  201  403    403  403   403   403 403  403  403    403    403
client:7           other         403  403  403  403    403  403   403   403 403  403  403    403    403
client:none        itself        403  403  403  403    403  403   403   403 403  403  403    403    403
admin              itself        201  201  201  201    201  201   201   201 201  201  201    201    201
admin              other-admin   201  201  201  201    201  201   201   201 201  201  201    201    201
admin              other         201  201  201  201    403  201   201   201 201  201  201    201    201
admin              disabled      403  403  403  403    403  403   403   403 403  403  403    403    403
admin              nobody        404  404  404  404    404  404   404   404 404  404  404    404    404
admin:7            itself        201  201  201  403    403  403   403   403 403  403  403    403    403
admin:7            other-admin   403  403  403  403    403  403   403   403 403  403  403    403    403
admin:7            other         403  403  403  403    403  403   403   403 403  403  403    403    403
admin:7            disabled      403  403  403  403    403  403   403   403 403  403  403    403    403
admin:7            nobody        403  403  403  403    403  403   403   403 403  403  403    403    403
admin:any          itself        201  201  201  201    201  201   201   201 201  403  403    403    403
admin:any          other         403  403  403  403    403  403   403   403 403  403  403    403    403
admin:none         itself        403  403  403  403    403  403   403   403 403  403  403    403    403
demoted            itself        201  201  201  201    403  403   201   201 201  403  403    403    403
demoted            other         403  403  403  403    403  403   403   403 403  403  403    403    403
nobody             other         401  401  401  401    401  401   401   401 401  401  401    401    401
expired            itself        401  401  401  401    401  401   401   401 401  401  401    401    401
"""
"""`:7` is restricted to GetDevice and ManageToken on network 7 and type 7, `:none` holds all but ManageToken.
`:any` holds every action on all that its owner may access.

A star for a client is the client's set."""

_, HEAD, *LINES = TABLE.rstrip().split("\n")
_, _, *COLUMNS = HEAD.split()
BEARERS = list(dict.fromkeys(line.split()[0] for line in LINES))

SEVEN: dict[str, Any] = {"actions": ["GetDevice", "ManageToken"], "networkIds": [7], "deviceTypeIds": [7]}
FAR = 4_102_444_800_000
"""2100-01-01T00:00:00Z in milliseconds."""

IDS = {"ann": 1, "other": 2, "disabled": 3, "root": 4, "other-admin": 5, "nobody": 6}
"""The users of the table: ann is the client whose bearers are tried, root the administrator."""


@pytest.fixture
def cast(service: Service) -> Service:
    columns = "id, username, password, creation_time, remote_ip, is_admin"
    values = [f"({n}, '{name}', '{COST_4}', NOW(), '', {name in ('root', 'other-admin')})" for name, n in IDS.items()]
    change(service, f"DELETE FROM users; INSERT INTO users ({columns}) VALUES {', '.join(values[:-1])}")
    change(service, "UPDATE users SET password = CONCAT('!', password) WHERE username = 'disabled'")
    return service


def minted(service: Service, name: str) -> tuple[str, Pair | str | None]:
    """Whose that bearer is, and its token; of an access token that is good, the pair."""
    who = "root" if name.startswith(("admin", "demoted")) else "ann"
    none = [number for number in range(2, 20) if number not in {MANAGE_TOKEN, *(() if who == "root" else ADMIN_ONLY)}]

    def restricted(**rights: Any) -> Pair:
        return pair(create(service, log_in(service, who).access, userId=IDS[who], **rights))

    made: dict[str, Callable[[], Pair | str | None]] = {
        **dict.fromkeys(("client", "admin", "demoted"), lambda: log_in(service, who)),
        **dict.fromkeys(("client:7", "admin:7"), lambda: restricted(**SEVEN)),
        "admin:any": lambda: restricted(actions=["*"]),
        **dict.fromkeys(("client:none", "admin:none"), lambda: restricted(actions=none)),
        "expired": lambda: restricted(actions=["ManageToken"], expiration=0).access,
        "nobody": lambda: None,
    }
    token = made[name]()
    if name == "demoted":
        change(service, f"UPDATE users SET is_admin = 0 WHERE id = {IDS[who]}")
    return who, token


def wanted(column: str, name: str, bearer: Pair | str | None) -> dict[str, Any]:
    if column == "own":
        held = payload(bearer.access) if isinstance(bearer, Pair) else Rights().claims()
        held = Rights.of_user(False).claims() if name == "demoted" else held
        return {"actions": held["a"], "networkIds": held["n"], "deviceTypeIds": held["dt"]}
    later = payload(bearer.refresh)["e"] + 1000 if isinstance(bearer, Pair) else FAR
    fields = {"networkIds": [7], "deviceTypeIds": [7], **ASKS[column]}
    return {field: later if value == "later" else value for field, value in fields.items()}


@pytest.mark.parametrize("name", BEARERS)
def test_who_may_mint_what_for_whom(cast: Service, name: str) -> None:
    who, bearer = minted(cast, name)
    token, made = bearer.access if isinstance(bearer, Pair) else bearer, rows(cast)
    for owner, *statuses in (line.split()[1:] for line in LINES if line.split()[0] == name):
        user_id = IDS[{"itself": who, "admin": "root"}.get(owner, owner)]
        for column, status in zip(COLUMNS, map(int, statuses), strict=True):
            fields = {"userId": user_id, **wanted(column, name, bearer)}
            answer = create(cast, token, **fields)
            assert answer.status_code == status, f"{column} for {owner}: {answer.data!r}"
            if status == 201 and isinstance(bearer, Pair):
                assert_within(pair(answer), fields, bearer, name, owner)
                made += 2
            else:
                assert is_refused(answer, status, message(name, owner, status)), f"{column} for {owner}"
    assert rows(cast) == made, "what is refused leaves nothing"


def message(name: str, owner: str, status: int) -> str:
    if status == 403:
        return "User is locked or disabled" if (owner, name) in DISABLED else "Access is denied"
    return "User not found" if status == 404 else "Token expired" if name == "expired" else "Unauthorized"


DISABLED = {("disabled", "admin")}
"""To a bearer that is bound it is not told."""


def assert_within(made: Pair, fields: dict[str, Any], bearer: Pair, name: str, owner: str) -> None:
    """No more than was asked for, no more than its owner has, and of a bound bearer no later end than it has."""
    for token in (made.access, made.refresh):
        found = payload(token)
        assert found["u"] == fields["userId"]
        for claim, ids in (("n", fields["networkIds"]), ("dt", fields["deviceTypeIds"])):
            asked = ids and list(map(str, ids))
            assert found[claim] == (None if asked == ["*"] and owner == "other" else asked)
        if owner == "other" or not name.startswith("admin"):
            assert not {EVERY, *ADMIN_ONLY} & set(found["a"])
            assert ["*"] not in (found["n"], found["dt"])
        if name != "admin":
            assert found["e"] <= payload(bearer.refresh)["e"]
