"""The life of a token in the core: its text, its digest, what is stored of it, and how many a user keeps."""

import hashlib
import re
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import NOW, Service, add_user
from tests.e2e.faults import as_root
from v1.db.tables.tokens import Tokens
from v1.errors import WrongCredentials
from v1.records import Client, Issued, Principal, Token
from v1.tokens import find, issue, revoke
from v1.tokens.text import digest

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PHONE = Client("phone", "192.0.2.7", "App/1")


def base62(number: int) -> str:
    return base62(number // 62) + DIGITS[number % 62] if number else ""


def add_session(service: Service, at: int = 0, max_sessions: int = 0) -> Issued:
    """A session of `admin` that begins `at` seconds after the clock's now."""
    user_id = int(service.server.sql("SELECT id FROM users WHERE username = 'admin'", "gatepass"))
    principal = Principal(user_id, "admin", 1, False)
    return issue.mobile(service.core, principal, PHONE, NOW + at, max_sessions)


def console(service: Service, at: int = 0, seconds: int = 1800, max_sessions: int = 0) -> Issued:
    """A session of the console, of `admin`, that begins `at` seconds after the clock's now."""
    user_id = int(service.server.sql("SELECT id FROM users WHERE username = 'admin'", "gatepass"))
    principal = Principal(user_id, "admin", 1, False)
    return issue.console(service.core, principal, PHONE, NOW + at, seconds, max_sessions)


def api(service: Service, user_id: int = 0, scopes: tuple[str, ...] = ("revoke",), expiry: int = NOW + 9) -> Issued:
    return issue.api(service.core, user_id, "orders", scopes, NOW, expiry)


def live(service: Service) -> list[str]:
    """The ids in the table."""
    return service.server.sql("SELECT id FROM auth_tokens ORDER BY id", "gatepass").split()


def ids(*issued: Issued) -> list[str]:
    return [str(each.token.id) for each in issued]


PREFIXES = {"api": "gpa_", "console": "gpc_", "management": "gpm_", "personal": "gpp_"}


@pytest.mark.parametrize(("kind", "prefix"), PREFIXES.items())
def test_a_prefixed_token_is_40_letters_and_digits_and_their_crc32_in_base_62(kind: str, prefix: str) -> None:
    made = {issue.mint(kind) for _ in range(200)}
    assert len(made) == 200
    for text in made:
        assert re.fullmatch(prefix + "[0-9A-Za-z]{46}", text)
        assert text[-6:] == base62(zlib.crc32(text[:-6].encode())).rjust(6, "0")
    assert set("".join(text[4:44] for text in made)) == set(DIGITS)


def test_a_mobile_token_is_20_random_bytes_in_hex_for_30_days(service: Service) -> None:
    made = [add_session(service) for _ in range(5)]
    assert all(re.fullmatch("[0-9a-f]{40}", each.secret) for each in made)
    assert len({each.secret for each in made}) == 5
    assert {each.token.expiry for each in made} == {NOW + 2_592_000}


def test_sha1_is_stored_of_a_mobile_token_and_sha256_of_any_other(service: Service) -> None:
    mobile, *others = add_session(service).secret, api(service).secret, console(service).secret
    stored = service.server.sql("SELECT auth_key FROM auth_tokens ORDER BY id", "gatepass").split()
    others = [hashlib.sha256(each.encode()).hexdigest() for each in others]
    assert stored == [hashlib.sha1(mobile.encode()).hexdigest(), *others]


def test_a_session_of_the_console_is_of_its_user_for_so_many_seconds_and_counts_as_a_session(service: Service) -> None:
    phone, first = add_session(service, -9), console(service, -5, seconds=300)
    found = find.check(service.core, first.secret, NOW + 294)
    assert found and (found[0].username, found[1].kind) == ("admin", "console")
    assert find.check(service.core, first.secret, NOW + 295) is None
    second = console(service, max_sessions=2)
    assert live(service) == ids(first, second), "the phone was unused for longest"
    third = add_session(service, 1, max_sessions=1)
    assert live(service) == ids(third) and phone.token.kind == "mobile"


@pytest.mark.parametrize("at", [0, 3, 4, 20, 43, 44, 49])
def test_a_prefixed_token_one_character_off_is_no_token(at: int) -> None:
    text = issue.mint("api")
    other = text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]
    assert digest(text) and digest(other) is None


MOBILE = "0123456789abcdef" * 2 + "01234567"
SPOILT = [MOBILE.upper(), MOBILE[:-1], MOBILE + "0", MOBILE + "\n", " " + MOBILE, MOBILE[:20] + " " + MOBILE[20:]]
SPOILT += [MOBILE[:-1] + "g", MOBILE[:-1] + "\u0661", MOBILE + ",", MOBILE[:-1] + "\0", "", "gpa_", "x" * 10240]


@pytest.mark.parametrize("text", [*SPOILT, *(f"gpa_{'0' * 40}{'0' * n}" for n in (5, 6, 7)), "GPA_" + "0" * 46])
def test_a_text_of_another_form_is_no_token_and_costs_no_query(service: Service, text: str) -> None:
    assert digest(text) is None
    assert digest(MOBILE)
    before = service.server.sql("SHOW GLOBAL STATUS LIKE 'Com_select'")
    assert find.check(service.core, text, NOW) is None
    assert find.find(service.core, text, NOW) is None
    revoke.presented(service.core, text, "")
    assert service.server.sql("SHOW GLOBAL STATUS LIKE 'Com_select'") == before


def test_a_check_tells_whose_it_is_with_one_select_and_no_write(service: Service) -> None:
    issued = api(service, scopes=("stream", "introspect", "stream"))
    service.core.tables.users.find(b"admin")  # the charset of names is asked once
    status = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_select', 'Com_insert', 'Com_update', 'Com_delete')"
    before = [int(line.split()[1]) for line in service.server.sql(status).splitlines()]
    found = find.check(service.core, issued.secret, NOW)
    after = [int(line.split()[1]) for line in service.server.sql(status).splitlines()]
    assert sum(after) - sum(before) == 1
    assert found and found[0] == Principal(0, "", 0, False)
    assert (found[1].id, found[1].kind, found[1].scopes) == (issued.token.id, "api", ("introspect", "stream"))


def test_a_token_is_live_until_the_second_of_its_expiry_and_no_longer(service: Service) -> None:
    for issued in (add_session(service), api(service)):
        last = issued.token.expiry
        for look in (find.check, find.find):
            assert look(service.core, issued.secret, last - 1)
            assert look(service.core, issued.secret, last) is None


@pytest.mark.parametrize("scopes", [(), ("admin",), ("introspect", "everything"), ("",), ("introspect revoke",)])
def test_an_unknown_scope_makes_no_token(service: Service, scopes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="scope"):
        api(service, scopes=scopes)
    assert live(service) == []


def test_no_token_is_made_for_a_user_who_is_disabled_or_gone(service: Service) -> None:
    user_id = add_user(service.server, "out", "!x")
    for owner in (user_id, user_id + 1):
        with pytest.raises(WrongCredentials):
            api(service, owner)
        with pytest.raises(WrongCredentials):
            issue.mobile(service.core, Principal(owner, "out", 1, False), PHONE, NOW)
    assert live(service) == []


def test_no_token_of_nobody_but_an_api_token_opens_anything(service: Service) -> None:
    issued = api(service)
    for kind in ("mobile", "personal", "management", "jwt_access"):
        service.server.sql(f"UPDATE auth_tokens SET kind = '{kind}'", "gatepass")
        assert find.check(service.core, issued.secret, NOW) is None
        assert find.find(service.core, issued.secret, NOW) is None


def test_what_is_issued_never_shows_its_secret(service: Service) -> None:
    for issued in (add_session(service), api(service)):
        assert issued.secret not in repr(issued)


def test_beyond_the_limit_the_longest_unused_session_goes_and_never_the_new_one(service: Service) -> None:
    used = add_session(service, -40)
    add_session(service, -30)  # which goes
    newer = add_session(service, -20)
    service.core.tables.tokens.touch([used.token.id], NOW)
    new = add_session(service, 0, max_sessions=3)
    assert live(service) == ids(used, newer, new)
    late = add_session(service, -50, max_sessions=3)  # on a node whose clock is behind
    assert live(service) == ids(used, new, late)


def test_zero_is_no_limit_and_a_limit_that_was_lowered_is_kept_at_once(service: Service) -> None:
    many = [add_session(service, -n) for n in range(5)]
    assert live(service) == ids(*many)
    new = add_session(service, 0, max_sessions=2)
    assert live(service) == ids(many[0], new)


def test_tokens_of_other_kinds_and_other_users_neither_count_nor_go(service: Service) -> None:
    first = add_session(service, -9)
    others = [api(service, first.token.user_id), api(service), api(service, add_user(service.server, "other"))]
    for each, kind in zip(others, ("personal", "api", "api"), strict=True):
        service.server.sql(f"UPDATE auth_tokens SET kind = '{kind}' WHERE id = {each.token.id}", "gatepass")
    second = add_session(service, 0, max_sessions=1)
    assert live(service) == ids(*others, second)
    assert find.check(service.core, first.secret, NOW) is None


def at_once(service: Service, monkeypatch: pytest.MonkeyPatch, logins: int, max_sessions: int) -> list[Issued]:
    """So many logins that have all written their row before the first of them looks for what to drop."""
    all_in = threading.Barrier(logins)
    unused = Tokens.list_over_limit

    def wait_and_look(self: Tokens, *words: object) -> list[Token]:
        all_in.wait(30)
        return unused(self, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(Tokens, "list_over_limit", wait_and_look)
    with ThreadPoolExecutor(logins) as pool:
        made = list(pool.map(lambda _: add_session(service, 0, max_sessions), range(logins)))
    return sorted(made, key=lambda each: each.token.id)


@pytest.mark.parametrize(("logins", "max_sessions"), [(2, 1), (6, 1), (6, 2), (6, 4)])
def test_parallel_logins_leave_as_many_sessions_as_the_limit_and_the_last_one_is_good(
    service: Service, monkeypatch: pytest.MonkeyPatch, logins: int, max_sessions: int
) -> None:
    for n in range(3):
        add_session(service, -n - 1)
    made = at_once(service, monkeypatch, logins, max_sessions)
    assert live(service) == ids(*made[-max_sessions:])
    assert find.check(service.core, made[-1].secret, NOW)


def test_a_session_that_cannot_be_dropped_refuses_no_login(make_service: Callable[..., Service]) -> None:
    service = make_service(DATABASE_QUERY_SECONDS="1")
    add_user(service.server, "admin")
    old = add_session(service, -1)
    with as_root(service.server) as run:
        run("START TRANSACTION")
        run(f"SELECT id FROM auth_tokens WHERE id = {old.token.id} FOR UPDATE")  # a backup's, or a DBA's
        new = add_session(service, 0, max_sessions=1)
    assert live(service) == ids(old, new)
    assert find.check(service.core, new.secret, NOW)


def test_a_digest_that_php_wrote_in_capitals_is_found_as_php_finds_it(service: Service) -> None:
    issued = add_session(service)
    service.server.sql("UPDATE auth_tokens SET auth_key = UPPER(auth_key)", "gatepass")
    for look in (find.check, find.find):
        assert look(service.core, issued.secret, NOW)
