"""Tests `gatepass token ...`: API tokens made, shown once, listed and revoked."""

import hashlib
import json
import re
import subprocess
from functools import partial

from tests.cli import invoke
from tests.conftest import NOW, ROOT, Service, environment
from tests.environments import BIN
from v1.cli import tokens

run, refused = partial(invoke.run, tokens.token), partial(invoke.refused, tokens.token)

YEAR_9999 = 253_402_300_799


def create(service: Service, *words: str) -> str:
    """The token that was printed."""
    done = run(service, "create", *words)
    assert done.code == 0, done.stderr
    return done.stdout.removesuffix("\n")


def introspects(service: Service, token: str) -> bool:
    """Does this token open introspection?"""
    headers = {"Authorization": f"Bearer {token}"}
    answer = service.client.post("/v1/oauth/introspect/", headers=headers, data={"token": token})
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


def test_a_token_is_printed_alone_and_once_and_stored_as_a_digest_only(service: Service) -> None:
    words = ["token", "create", "orders", "--scope", "revoke", "--scope", "introspect", "--days", "365"]
    environ = environment(service.server)
    done = subprocess.run([str(BIN / "flask"), *words], cwd=ROOT, env=environ, capture_output=True, text=True)
    token = done.stdout.removesuffix("\n")
    assert done.returncode == 0 and re.fullmatch("gpa_[0-9A-Za-z]{46}", token)
    columns = "auth_key, kind, user_id, name, claims, remote_ip, user_agent, expiry - creation_time, device_info"
    stored = service.server.sql(f"SELECT {columns} FROM auth_tokens", "gatepass").rstrip("\n").split("\t")
    digest = hashlib.sha256(token.encode()).hexdigest()
    claims = '{"scope": "introspect revoke"}'
    assert stored == [digest, "api", "0", "orders", claims, "", "", str(365 * 86_400), ""]
    assert token not in done.stderr and digest not in done.stderr
    *log, said = done.stderr.splitlines()
    assert re.fullmatch(r"id \d+, expires: [0-9-]{10} [0-9:]{8}; keep it now, it is not shown again", said)
    act = json.loads(log[-1])
    assert (act["event"], act["scope"], act["user_id"]) == ("token.created", "introspect revoke", 0) and act["by"]
    assert introspects(service, token)
    for form in ([], ["--json"]):
        shown = run(service, "list", *form)
        assert shown.code == 0 and not re.search("gpa_|" + digest, shown.stdout + shown.stderr)


def test_the_list_shows_live_api_tokens_in_order_and_goes_on_where_it_ended(service: Service) -> None:
    create(service, "forever", "--scope", "stream")
    create(service, "b", "--scope", "revoke")
    create(service, "c", "--scope", "introspect", "--days", "1", "--user", "ADMIN")
    create(service, "expired", "--scope", "revoke")
    service.server.sql("UPDATE auth_tokens SET expiry = 1 WHERE name = 'expired'", "gatepass")
    service.client.post("/v1/oauth/", data={"username": "admin", "password": "password"})
    found = json.loads(run(service, "list", "--json").stdout)
    assert [(each["name"], each["scope"], bool(each["user_id"])) for each in found] == [
        ("forever", "stream", False),
        ("b", "revoke", False),
        ("c", "introspect", True),
    ]
    assert found[0]["expiry"] == YEAR_9999 and found[2]["expiry"] == NOW + 86_400
    done = run(service, "list", "--limit", "2")
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["name", "forever", "b"]
    assert done.stdout.splitlines()[1].endswith("  not yet              -                never              ")
    used = f"last_access = {NOW + 60}, last_ip = '2001:db8::1'"
    service.server.sql(f"UPDATE auth_tokens SET {used} WHERE name = 'b'", "gatepass")
    assert "  2023-11-14 22:14:20  2001:db8::1  " in run(service, "list").stdout
    assert f"gatepass token list --after {found[1]['id']}" in done.stderr
    rest = json.loads(run(service, "list", "--after", str(found[1]["id"]), "--json").stdout)
    assert [each["name"] for each in rest] == ["c"]


def test_a_revoked_token_is_dead_and_no_other_kind_is_revoked_here(service: Service) -> None:
    token, stays = create(service, "a", "--scope", "introspect"), create(service, "b", "--scope", "introspect")
    service.client.post("/v1/oauth/", data={"username": "admin", "password": "password"})
    first, _, session = service.server.sql("SELECT id FROM auth_tokens ORDER BY id", "gatepass").split()
    done = run(service, "revoke", first)
    assert (done.code, done.stdout) == (0, f"revoked {first}\n")
    assert [line["token_id"] for line in done.acts("token.revoked")] == [int(first)]
    assert not introspects(service, token) and introspects(service, stays)
    for number in (first, session, "2147483647", "9" * 25):
        assert f"no API token of id {number}" in refused(service, "revoke", number)


def test_a_users_token_dies_with_the_user_being_disabled_and_a_servers_does_not(service: Service) -> None:
    own = create(service, "own", "--scope", "introspect", "--user", "admin")
    server = create(service, "server", "--scope", "introspect")
    assert introspects(service, own)
    service.server.sql("UPDATE users SET password = CONCAT('!', password)", "gatepass")
    assert not introspects(service, own) and introspects(service, server)
    assert "the user is disabled" in refused(service, "create", "x", "--scope", "revoke", "--user", "admin")


def test_wrong_words_are_one_clear_sentence_and_make_no_token(service: Service) -> None:
    for name in ("", "x" * 101, "a\tb", "a\x1b[2J"):
        assert "a token's name has 1 to 100 characters" in refused(service, "create", name, "--scope", "revoke")
    assert "there is no user 'nobody'" in refused(service, "create", "x", "--scope", "revoke", "--user", "nobody")
    usage = [["create"], ["create", "x"], ["create", "x", "--scope", "admin"], ["create", "x", "--scope", ""]]
    usage += [["create", "x", "--scope", "revoke", "--days", each] for each in ("0", "-1", "1.5", "36501")]
    usage += [["revoke"], ["revoke", "0"], ["revoke", "x"], ["list", "--limit", "0"], ["nothing"]]
    for words in usage:
        assert "Error: " in refused(service, *words, code=2)
    assert service.server.sql("SELECT COUNT(*) FROM auth_tokens", "gatepass") == "0\n"


def test_a_name_of_100_characters_of_any_script_is_kept(service: Service) -> None:
    create(service, "📱" * 100, "--scope", "revoke")
    assert json.loads(run(service, "list", "--json").stdout)[0]["name"] == "📱" * 100
