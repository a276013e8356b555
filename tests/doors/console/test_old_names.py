"""The console on an adopted database, whose column of usernames is latin1: who they are, and their password."""

import re
from urllib.parse import quote_from_bytes

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import COST_4, migrate
from tests.db.old_php import DUMP
from tests.doors.console.pages_read import heading, rows
from tests.doors.console.signed_in import SAME_ORIGIN, goes_to
from tests.doors.contract import MakeService
from tools.private_server import Server

NEW = b"correct horse"
CASES = [("latin1", b"J\xfcrgen", b"J\xfcrgen"), ("latin1", "Jürgen".encode(), "Jürgen".encode())]
CASES += [("utf8mb4", b"J\xfcrgen", "Jürgen".encode())]
"""The charset of PHP's connection, the bytes in the column, and those that the person's browser sends."""


@pytest.fixture
def adopted(database_server: Server, fresh: str) -> Server:
    database_server.sql(f"{DUMP} DELETE FROM users;", fresh)
    migrate(database_server, fresh)
    return database_server


def post(client: FlaskClient, path: str, fields: dict[str, bytes]) -> TestResponse:
    """The form as a browser encodes it."""
    data = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields.items())
    form = "application/x-www-form-urlencoded"
    return client.post(path, data=data, content_type=form, headers=SAME_ORIGIN)


@pytest.mark.parametrize(("charset", "stored", "sent"), CASES)
def test_a_name_that_is_no_utf8_is_no_hindrance(
    adopted: Server, fresh: str, make_service: MakeService, charset: str, stored: bytes, sent: bytes
) -> None:
    columns = "username, password, creation_time, remote_ip, access_level, is_admin"
    values = f"_latin1 X'{stored.hex()}', '{COST_4}', NOW(), '', 1, 1"
    adopted.sql(f"INSERT INTO users ({columns}) VALUES ({values})", fresh)
    client = make_service(DATABASE_URL=adopted.url(database=fresh), PHP_CONNECTION_CHARSET=charset).client
    assert post(client, "/console/sign-in/", {"username": sent, "password": b"wrong"}).status_code == 403
    assert post(client, "/console/sign-in/", {"username": sent, "password": b"password"}).status_code == 303
    page = client.get("/console/profile/")
    assert "<bdi>Jürgen</bdi>" in page.text
    session = re.search('name="session" value="([0-9]+)"', page.text)
    assert session
    fields = {"current": b"password", "new": NEW, "again": NEW, "session": session[1].encode()}
    wrong = post(client, "/console/password/", fields | {"current": b"wrong"})
    assert (wrong.status_code, heading(wrong)) == (403, "My Profile")
    assert goes_to(post(client, "/console/password/", fields), "/console/profile/", "password")
    assert post(client, "/console/sign-in/", {"username": sent, "password": b"password"}).status_code == 403
    assert post(client, "/console/sign-in/", {"username": sent, "password": NEW}).status_code == 303
    found = client.get("/console/users/?search=J")
    assert [row[0] for row in rows(found)[1:]] == ["Jürgen"]
