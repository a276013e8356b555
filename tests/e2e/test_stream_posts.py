"""A media server's hook, which posts a form, is answered by a real gunicorn."""

from collections.abc import Callable

from tests.conftest import NOW, Gunicorn
from tests.doors.media.test_stream import RTMP
from tests.environments import KEYS
from tools.private_server import Server
from v1.tokens.jwt import sign
from v1.tokens.text import digest

FOREVER = 253_402_300_799
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def token(server: Server) -> str:
    """A stream token, which is live for ever."""
    rights = {"stream": "cam1", "live": True, "dvr": False, "copy": False, "from": 0, "to": 0}
    text = sign(KEYS.stream, {"jti": "0" * 32, **rights, "exp": FOREVER})
    claims = '{"stream":"cam1","live":true,"dvr":false,"copy":false,"from":0,"to":0}'
    columns = "auth_key, user_id, creation_time, expiry, last_access, device_info, kind, claims"
    values = f"'{digest(text)}', 0, {NOW}, {FOREVER}, {NOW}, '', 'stream', '{claims}'"
    server.sql(f"INSERT INTO auth_tokens ({columns}) VALUES ({values})", "gatepass")
    return text


def test_a_hook_that_posts_is_answered(database: Server, gunicorn: Callable[..., Gunicorn]) -> None:
    running = gunicorn(database)
    form = f"{RTMP}&token={token(database)}&stream=cam1&action=live".encode()

    def ask(head: bytes, body: bytes) -> bytes:
        """The status line. The connection ends behind the body."""
        raw = b"POST /stream/check HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n" + FORM + head + b"\r\n" + body
        return running.send(raw).partition(b"\r\n")[0].partition(b" ")[2]

    length = b"Content-Length: %d\r\n"
    assert ask(length % len(form), form) == b"204 No Content"
    as_nginx_rtmp = b"POST /stream/check HTTP/1.0\r\nHost: x\r\n" + FORM + b"Connection: Close\r\n" + length % len(form)
    assert b" 204 " in running.send(as_nginx_rtmp + b"\r\n" + form).partition(b"\r\n")[0]
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(form), form)
    assert ask(b"Transfer-Encoding: chunked\r\n", chunked) == b"204 No Content"
    wrong = form.replace(b"stream=cam1", b"stream=cam2")
    assert ask(length % len(form), wrong) == b"403 Forbidden"
    assert ask(length % (len(form) + 10), form).startswith((b"403", b"400")), "a body that was cut short"
    assert ask(length % 20_000, form).startswith((b"403", b"413")), "one that is too large"
    running.stop()
    assert form.split(b"token=")[1][:60].decode() not in running.log.read_text()
