"""`/v1/verify/` beyond its recorded answers: how a name is written, which kinds are good, and who is disabled."""

from hashlib import sha1

import pytest

from tests.conftest import NOW, ROOT, Service, add_user, build, environment, migrate
from tests.doors.contract import MakeService
from tests.doors.kinds import mint
from tests.doors.mobile.test_oauth import code
from tests.doors.operations import bearer
from v1.tokens import issue

verify = bearer("GET", "/v1/verify/")

NAMES = {" a b%/": None, "é": "%C3%A9", "emoji 📱🔑": None, "q'\"`": None, "a+b&c=d;?#": None, "-._~Az09": "-._~Az09"}
NAMES |= {"tab\tnl\nesc\x1b": "tab%09nl%0Aesc%1B", "x\r\nX-Auth-User-Id: 1": "x%0D%0AX-Auth-User-Id%3A%201"}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_percent_encoded_but_for_unreserved_characters(service: Service, name: str) -> None:
    user_id = add_user(service.server, name)
    answer = verify(service, mint(service, "mobile", name))
    unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    encoded = "".join(chr(byte) if chr(byte) in unreserved else f"%{byte:02X}" for byte in name.encode())
    assert answer.headers["X-Auth-Username"] == encoded == (NAMES[name] or encoded)
    assert answer.headers.getlist("X-Auth-User-Id") == [str(user_id)]


def test_only_kinds_that_were_let_in_are_good(make_service: MakeService) -> None:
    service = make_service(VERIFY_KINDS="mobile, api")
    user_id = add_user(service.server, "admin")
    own = issue.api(service.core, user_id, "x", ("revoke",), NOW, issue.NEVER).secret
    server = issue.api(service.core, 0, "x", ("revoke",), NOW, NOW + 9).secret
    wanted = ("X-Auth-User-Id", "X-Auth-Username", "X-Auth-Access-Level", "X-Auth-Token-Kind", "X-Auth-Expires")
    answers = [verify(service, each) for each in (own, server, mint(service, "mobile"))]
    assert [[answer.headers[name] for name in wanted] for answer in answers] == [
        [str(user_id), "admin", "1", "api", "253402300799"],
        ["0", "", "0", "api", str(NOW + 9)],
        [str(user_id), "admin", "1", "mobile", str(NOW + 2_592_000)],
    ]
    assert code(verify(service, mint(service, "personal"))) == "1403"
    only_api = make_service(VERIFY_KINDS="api")
    assert verify(only_api, mint(service, "mobile")).status_code == 401


@pytest.mark.parametrize("disable", ["CONCAT('!', password)", "'!'"])
def test_a_user_whom_php_disables_is_refused_at_once_and_one_enabled_again_is_not(
    service: Service, disable: str
) -> None:
    token, stored = mint(service, "mobile"), service.server.sql("SELECT password FROM users", "gatepass").strip()
    service.server.sql(f"UPDATE users SET password = {disable}", "gatepass")
    assert verify(service, token).status_code == 401
    service.server.sql(f"UPDATE users SET password = '{stored}'", "gatepass")
    assert verify(service, token).status_code == 200


def test_the_name_of_an_old_latin1_column_is_the_one_php_shows(service: Service, fresh: str) -> None:
    token = "0123456789abcdef0123456789abcdef01234567"
    service.server.sql((ROOT / "tests/db/old_php.sql").read_text(), fresh)
    migrate(service.server, fresh)
    digest = sha1(token.encode()).hexdigest()
    service.server.sql(f"UPDATE auth_tokens SET auth_key = '{digest}', expiry = {NOW + 9}, user_id = 2 LIMIT 1", fresh)
    for charset, stored in (("latin1", "C3BC"), ("utf8mb4", "FC")):
        service.server.sql(f"UPDATE users SET username = _latin1 X'{stored}' WHERE id = 2", fresh)
        app = build(environment(service.server, fresh, PHP_CONNECTION_CHARSET=charset), service.clock)
        answer = app.test_client().get("/v1/verify/", headers={"Authorization": f"Token {token}"})
        assert answer.headers["X-Auth-Username"] == "%C3%BC"
