"""How the settings are loaded: safe defaults, all problems at once, and no secret in anything printed."""

from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from v1 import settings
from v1.settings import SettingsError, load
from v1.settings.database_url import parse

URL = "mysql://gate:p%40ss@db.example:3307/live"
KEY = "0123456789abcdef" * 4
LIVE = {"DATABASE_URL": URL, "TOKEN_KEYS": KEY}
BOTH = "ssl_cert, ssl_key"
UNFIT = "not a certificate and its key, without a password, as PEM"


def test_production_is_the_default() -> None:
    found = load(LIVE)
    assert (found.app_env, found.development, found.bcrypt_cost, found.error_status) == ("production", False, 12, "php")


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load(
            {"APP_ENV": "staging", "BCRYPT_COST": "99", "PORT": "0", "TRUSTED_PROXIES": "10.0.0.1/8", "THREADS": "many"}
        )
    text = str(caught.value)
    for name in ("APP_ENV", "BCRYPT_COST", "PORT", "TRUSTED_PROXIES", "THREADS", "DATABASE_URL"):
        assert name in text
    assert "TOKEN_KEYS" in text
    assert len(caught.value.problems) == 7


def test_a_cheap_hash_is_for_development_only() -> None:
    with pytest.raises(SettingsError, match="BCRYPT_COST"):
        load({**LIVE, "BCRYPT_COST": "9"})
    assert load({"DATABASE_URL": URL, "BCRYPT_COST": "4", "APP_ENV": "development"}).bcrypt_cost == 4


def test_verify_kinds_cannot_name_console() -> None:
    with pytest.raises(SettingsError, match="VERIFY_KINDS"):
        load({**LIVE, "VERIFY_KINDS": "mobile,console"})


def test_no_secret_is_printed() -> None:
    found = load(LIVE)
    assert "p@ss" not in repr(found) + str(found.database_url) and "p%40ss" not in repr(found)


@pytest.mark.parametrize(
    "url",
    ["secret", "http://u:secret@h/d", "mysql://u:secret@h", "mysql://:secret@h/d", "mysql://u:secret@h:x/d"]
    + ["mysql://u:secret@h/d?charset=x", "mysql://u:secret@h/d?ssl_mode=MAYBE", "mysql://u:secret@[h/d"],
)
def test_a_bad_url_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"DATABASE_URL": url})
    assert "DATABASE_URL" in str(caught.value) and "secret" not in str(caught.value)


@pytest.mark.parametrize("quotes", ["''", '""', "“”", "'_", '_"'])
@pytest.mark.parametrize("name", ["DATABASE_URL", "MIGRATE_DATABASE_URL"])
def test_a_url_in_quotes_is_refused_with_the_reason(name: str, quotes: str) -> None:
    quoted = f"{quotes[0]}mysql://u:secret@h/d{quotes[1]}".strip("_")
    with pytest.raises(SettingsError) as caught:
        load({**LIVE, name: quoted})
    assert f"- {name}: is in quotes: leave them out" in str(caught.value) and "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("ssl_ca={0}/none.pem", "ssl_ca: {0}/none.pem: No such file or directory"),
        ("ssl_ca={0}", "ssl_ca: {0}: Is a directory"),
        ("ssl_ca={0}/text.pem", "ssl_ca: {0}/text.pem: holds no certificate as PEM"),
        ("ssl_cert={0}/pair.pem&ssl_key={0}/none", f"{BOTH}: {{0}}/pair.pem and {{0}}/none: No such file or directory"),
        ("ssl_cert={0}/ca.pem", f"{BOTH}: {{0}}/ca.pem: {UNFIT}"),
        ("ssl_cert={0}/ca.pem&ssl_key={0}/locked.pem", f"{BOTH}: {{0}}/ca.pem and {{0}}/locked.pem: {UNFIT}"),
    ],
)
def test_a_file_for_tls_that_cannot_be_used_is_named(certificates: Path, options: str, told: str) -> None:
    url = "mysql://u:secret@db.example/d?" + options.format(certificates)
    with pytest.raises(SettingsError) as caught:
        load({**LIVE, "DATABASE_URL": url})
    assert caught.value.problems == ["DATABASE_URL: " + told.format(certificates)]
    load({**LIVE, "DATABASE_URL": url + "&ssl_mode=disabled"})
    load({**LIVE, "MIGRATE_DATABASE_URL": url})


def test_one_file_may_hold_certificate_and_key(certificates: Path) -> None:
    files = f"ssl_ca={certificates}/ca.pem&ssl_cert={certificates}/pair.pem"
    assert load({**LIVE, "DATABASE_URL": f"mysql://u:secret@db.example/d?{files}"})


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place, authority = tmp_path_factory.mktemp("tls"), trustme.CA()
    authority.cert_pem.write_to_path(place / "ca.pem")
    pair = authority.issue_cert("gatepass.example").private_key_and_cert_chain_pem
    pair.write_to_path(place / "pair.pem")
    key = load_pem_private_key(pair.bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"a password"))
    (place / "locked.pem").write_bytes(locked)
    (place / "text.pem").write_text("not a certificate")
    return place


def test_a_url_is_read_with_its_parts_decoded() -> None:
    url = parse(URL)
    assert (str(url.hosts[0]), url.user, url.password, url.name) == ("db.example:3307", "gate", "p@ss", "live")


@pytest.mark.parametrize(
    ("hosts", "read"),
    [
        ("db1,db2:3307,db3", ["db1:3306", "db2:3307", "db3:3306"]),
        ("[::1],[2001:DB8::2]:3307", ["[::1]:3306", "[2001:db8::2]:3307"]),
        ("10.0.0.1:1,10.0.0.1:65535", ["10.0.0.1:1", "10.0.0.1:65535"]),
        ("", ["localhost:3306"]),
    ],
)
def test_hosts_are_read_in_order(hosts: str, read: list[str]) -> None:
    assert [str(each) for each in parse(f"mysql://u:p@{hosts}/d").hosts] == read


@pytest.mark.parametrize(
    ("hosts", "told"),
    [
        (",", "has an empty host (1 in the list)"),
        ("db1,,db2", "has an empty host (2 in the list)"),
        ("db1,db2,", "has an empty host (3 in the list)"),
        ("db1,db2,DB1:3306", "names one host twice: host 3 is host 1"),
        ("db1,db2:0", "has a port out of range (host 2 in the list): 1 to 65535"),
        ("db1:65536", "has a port out of range (host 1 in the list): 1 to 65535"),
        ("db1:33o6,db2", "has a host that cannot be read (1 in the list)"),
        ("db1,::1", "has a host that cannot be read (2 in the list)"),
        ("db1;db2", "has a host that cannot be read (1 in the list)"),
        ("db1, db2", "has a host that cannot be read (2 in the list)"),
        ("db1,db2?unix_socket=/run/s", "has unix_socket and several hosts"),
    ],
)
def test_a_wrong_list_of_hosts_is_refused_in_one_line(hosts: str, told: str) -> None:
    hosts, _, options = hosts.partition("?")
    with pytest.raises(SettingsError) as caught:
        load({**LIVE, "DATABASE_URL": f"mysql://u:secret@{hosts}/d?{options}"})
    (problem,) = caught.value.problems
    assert problem.startswith(f"DATABASE_URL: {told}") and "secret" not in problem and "\n" not in problem


def test_a_part_of_a_password_that_looks_like_a_host_is_not_quoted() -> None:
    with pytest.raises(SettingsError) as caught:
        load({**LIVE, "DATABASE_URL": "mysql://u:p@secret:word@db1/d/e"})
    assert "secret" not in str(caught.value) and "word" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("mysql://u:p@127.0.0.1,[::1],localhost/d", "DISABLED"),
        ("mysql://u:p@127.0.0.1,db.example/d", "REQUIRED"),
        ("mysql://u:p@127.0.0.1/d", "DISABLED"),
        ("mysql://u:p@localhost/d", "DISABLED"),
        ("mysql://u:p@h/d?unix_socket=/run/s", "DISABLED"),
        ("mysql://u:p@db.example/d", "REQUIRED"),
        ("mysql://u:p@db.example/d?ssl_mode=disabled", "DISABLED"),
        ("mysql://u:p@127.0.0.1/d?ssl_mode=verify_identity", "VERIFY_IDENTITY"),
    ],
)
def test_tls_is_required_by_default_unless_the_server_is_local(url: str, mode: str) -> None:
    assert parse(url).ssl_mode == mode


def test_only_commands_find_the_private_database_and_never_in_production(tmp_path, monkeypatch) -> None:
    file = tmp_path / "private.env"
    file.write_text(f"DATABASE_URL={URL}\nAPP_ENV=development\n")
    monkeypatch.setattr(settings, "PRIVATE_DATABASE", file)
    command = {"FLASK_RUN_FROM_CLI": "true"}
    assert load(command).development and load(command).database_url.hosts[0].name == "db.example"
    assert load({**command, **LIVE, "DATABASE_URL": "mysql://u:p@other/d"}).database_url.hosts[0].name == "other"
    for environ in ({}, {**command, "APP_ENV": "production"}):
        with pytest.raises(SettingsError, match="DATABASE_URL is not set"):
            load(environ)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        *(("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("::1", "::1"), ("[::1]", "::1"), ("[::]", "::")),
        *(("localhost", "127.0.0.1"), ("LocalHost", "127.0.0.1"), ("2001:DB8:0::1", "2001:db8::1")),
    ],
)
def test_a_host_is_an_address_or_localhost(text: str, address: str) -> None:
    assert load({"DATABASE_URL": "mysql://u:p@h/d", "APP_ENV": "development", "HOST": text}).host == address


@pytest.mark.parametrize(
    "text",
    [
        *("gatepass.example", "127.0.0.1:8000", "[::1]:8000", "http://127.0.0.1", "unix:/run/x", "*", " ", "300.1.1.1"),
        *("127.1", "0", "127.0.0.1/8", "localhost:8000", "localhost.", "[::1", "'127.0.0.1'", "127.0.0.1,::1", "[a]"),
    ],
)
def test_a_host_that_is_not_an_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"DATABASE_URL": "mysql://u:p@h/d", "APP_ENV": "development", "HOST": text})
    (found,) = caught.value.problems
    assert found.startswith("HOST: must be an address of this machine") and "localhost" in found
