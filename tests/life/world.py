"""The real service of a life: its application, its operator's commands, its database as PHP and DBAs reach it."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pymysql
from flask import Flask
from pymysql.constants import CLIENT
from werkzeug.test import TestResponse

from tests import commands
from tests.conftest import TABLES
from tests.doors.console.signed_in import SAME_ORIGIN
from tests.life.clock import SharedClock
from tools.private_server import Server
from v1.auth.core import Core
from v1.passwords.hashes import Passwords
from v1.tokens.text import digest

DATABASE: Final = "gatepass_life"
CAMERA: Final = "cam1"


@dataclass
class World:
    """One application on the database of this test. Several may be on the same."""

    app: Flask
    server: Server
    clock: SharedClock

    @property
    def core(self) -> Core:
        return self.app.extensions["gatepass"]

    @cached_property
    def root(self) -> "pymysql.Connection[Any]":
        """A session of somebody else's: PHP, or a DBA."""
        given = {"user": "root", "password": self.server.password, "database": DATABASE, "autocommit": True}
        place = str(self.server.socket)
        return pymysql.connect(unix_socket=place, ssl_disabled=True, client_flag=CLIENT.MULTI_STATEMENTS, **given)

    def sql(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement as that somebody. The values stand for each %s."""
        with self.root.cursor() as cursor:
            cursor.execute(text, values)
            return list(cursor.fetchall())

    def empty(self) -> None:
        """Nothing is there but the clock."""
        self.core.write_behind.write()
        for table in TABLES:
            self.sql(f"DELETE FROM {table}")

    def add_user(self, name: str, password: str) -> int:
        """A user as PHP inserts one; the new id."""
        columns = "username, password, creation_time, remote_ip, access_level"
        self.sql(f"INSERT INTO users ({columns}) VALUES (%s, %s, NOW(), '10.0.0.1', 1)", name, hashed(password))
        return int(self.sql("SELECT LAST_INSERT_ID()")[0][0])

    def row(self, text: str) -> tuple[int, tuple[str, str]]:
        """The id of the token of this text, and from what device and address it came."""
        columns = "id, device_info, remote_ip"
        found = self.sql(f"SELECT {columns} FROM auth_tokens WHERE auth_key = %s", digest(text))
        return found[0][0], found[0][1:]

    def ask(self, method: str, path: str, token: str = "", **more: Any) -> TestResponse:
        """A request, with a token in its header. `more` is what Flask's test client takes."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.app.test_client(use_cookies=False).open(path, method=method, headers=headers, **more)

    def rpc(self, method: str, api_token: str = "", **params: Any) -> dict[str, Any]:
        """What a JSON-RPC call of a program on this machine is answered."""
        call = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
        return dict(self.ask("POST", "/api/", api_token, json=call).json)

    def console(self, method: str, path: str, token: str = "", session: int = 0, **fields: str) -> TestResponse:
        """A request of a browser with this cookie. A form says of which session its page was."""
        headers = {"Cookie": f"gatepass={token}", **SAME_ORIGIN}
        data = {"session": str(session), **fields} if method == "POST" else None
        return self.app.test_client(use_cookies=False).open(path, method=method, headers=headers, data=data)

    def command(self, *words: str, stdin: str = "") -> str | None:
        """What an operator's command printed; None if it failed."""
        done = commands.run(self.app, words, stdin)
        return done.stdout if done.returncode == 0 else None


def hashed(password: str) -> str:
    """As PHP's password_hash() writes it, at the lowest cost."""
    return Passwords(4).hash(password.encode()).decode()


def cookie(response: TestResponse) -> str:
    """The console session in the answer to a form; "" for none."""
    found = [each.partition(";")[0] for each in response.headers.getlist("Set-Cookie")]
    return next((each.partition("=")[2] for each in found if each.startswith("gatepass=gpc_")), "")


def pair(response: TestResponse) -> tuple[str, str] | None:
    """The access token and the refresh token; None if they were refused."""
    assert response.status_code in (201, 401, 403, 404), response.data
    found = json.loads(response.data)
    return (found["accessToken"], found["refreshToken"]) if response.status_code == 201 else None
