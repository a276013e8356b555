"""The address of an API token's last use: which kinds have one, and what happens while the database is down."""

import pytest

from tests.conftest import NOW, Service
from tests.doors.kinds import mint
from v1.auth import write_behind
from v1.auth.write_behind import WriteBehind
from v1.db.connections import Connections
from v1.errors import DatabaseDown
from v1.tokens.text import digest

MINUTE = write_behind.LAST_ACCESS_SECONDS
HELLO, VERIFY = "/apiops/test/hello/world", "/v1/verify/"
PEER, OTHER = "192.0.2.7", "2001:db8::7"


@pytest.fixture
def by_hand(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service that writes when the test says so."""
    monkeypatch.setattr(WriteBehind, "_start", lambda self: None)
    return service


def use(service: Service, text: str, at: int, address: str = PEER, path: str = HELLO) -> None:
    """Present the token from that address, `at` seconds after NOW."""
    service.clock.now = NOW + at
    headers = {"Authorization": f"Bearer {text}"}
    found = service.client.get(path, headers=headers, environ_overrides={"REMOTE_ADDR": address})
    assert found.status_code == 200


def stored(service: Service, text: str) -> tuple[str, int]:
    """The address, and the time of the use in seconds after NOW."""
    columns = f"SELECT last_ip, last_access - {NOW} FROM auth_tokens WHERE auth_key = '{digest(text)}'"
    address, at = service.server.sql(columns, "gatepass").rstrip("\n").split("\t")
    return address, int(at)


def test_it_is_written_with_the_time_at_most_once_a_minute(by_hand: Service) -> None:
    text = mint(by_hand, "personal")
    assert stored(by_hand, text) == ("", -MINUTE), "it was not used yet"
    for at, address, expected in (
        (0, PEER, (PEER, 0)),
        (MINUTE - 1, OTHER, (PEER, 0)),
        (MINUTE, OTHER, (OTHER, MINUTE)),
        (3 * MINUTE, "::ffff:192.0.2.7", (PEER, 3 * MINUTE)),
        (4 * MINUTE, "", ("", 4 * MINUTE)),
    ):
        use(by_hand, text, at, address)
        by_hand.core.write_behind.write()
        assert stored(by_hand, text) == expected


def test_an_api_token_of_a_server_has_one_and_tokens_of_devices_have_none(by_hand: Service) -> None:
    api, mobile, console = (mint(by_hand, kind) for kind in ("api:introspect", "mobile", "console"))
    by_hand.clock.now = NOW + MINUTE
    asked = {"REMOTE_ADDR": PEER}
    fields = {"token": mobile}
    headers = {"Authorization": f"Bearer {api}"}
    path = "/v1/oauth/introspect/"
    assert by_hand.client.post(path, data=fields, headers=headers, environ_overrides=asked).json["active"]
    use(by_hand, mobile, MINUTE, path=VERIFY)
    by_hand.client.set_cookie("gatepass", console)
    assert by_hand.client.get("/console/devices/", environ_overrides=asked).status_code == 200
    by_hand.core.write_behind.write()
    assert [stored(by_hand, text) for text in (api, mobile, console)] == [(PEER, MINUTE), ("", MINUTE), ("", MINUTE)]


def test_of_a_use_that_another_server_asks_about_the_address_is_not_known(by_hand: Service) -> None:
    personal, api = mint(by_hand, "personal"), mint(by_hand, "api:introspect")
    use(by_hand, personal, 0)
    by_hand.core.write_behind.write()
    by_hand.clock.now = NOW + MINUTE
    headers = {"Authorization": f"Bearer {api}"}
    assert by_hand.client.post("/v1/oauth/introspect/", data={"token": personal}, headers=headers).json["active"]
    by_hand.core.write_behind.write()
    assert stored(by_hand, personal) == ("", MINUTE)


def test_while_the_database_is_down_the_last_address_of_each_is_kept(
    by_hand: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [mint(by_hand, "personal") for _ in range(3)]
    notes = by_hand.core.write_behind
    for text, address in zip(texts, (PEER, OTHER, PEER), strict=True):
        use(by_hand, text, 0, address)
    with monkeypatch.context() as patch:
        patch.setattr(Connections, "take", down)
        assert not notes.write()
    use(by_hand, texts[0], 5, "198.51.100.1")
    assert notes.write()
    assert [stored(by_hand, text) for text in texts] == [("198.51.100.1", 5), (OTHER, 5), (PEER, 5)]


def down(*_: object) -> None:
    raise DatabaseDown(2003, "no server")


def test_tokens_of_one_address_are_one_statement_and_very_many_are_few(
    by_hand: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, table, seen = by_hand.core.write_behind, by_hand.core.tables.tokens, []
    monkeypatch.setattr(type(table), "touch_from", lambda self, *values: seen.append(values))
    notes._used_from.update(dict.fromkeys(range(1, 251), PEER) | {999: OTHER})
    assert notes.write()
    assert [(address, len(ids), now) for address, ids, now in seen] == [
        (PEER, 100, NOW), (PEER, 100, NOW), (PEER, 50, NOW), (OTHER, 1, NOW),
    ]


def test_notes_are_bounded_together_with_those_of_other_tokens(
    by_hand: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_behind, "MAX_KEPT", 1)
    by_hand.core.write_behind._used.add(1)
    use(by_hand, mint(by_hand, "personal"), 0)
    assert by_hand.core.write_behind._used_from == {}
