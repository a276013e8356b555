"""A Content-Length that is sent twice with the same value counts once.

RFC 9112 6.3 lets a server choose: refuse such a request, or take the value. gunicorn refuses it, in HTML. The media
server's documentation prints a call of `/api/` with this header twice.

Here equal values are made one before gunicorn looks at them. Two values that differ are refused as before.
"""

from typing import Final

from gunicorn.http.message import Request  # type: ignore[import-untyped]

CONTENT_LENGTH: Final = "CONTENT-LENGTH"


class DuplicateContentLength(Request):  # type: ignore[misc]
    """Overrides `set_body_reader`, which decides from the headers how the body is read."""

    headers: list[tuple[str, str]]

    def set_body_reader(self) -> None:
        lengths = [header for header in self.headers if header[0] == CONTENT_LENGTH]
        if len(lengths) > 1 and len(set(lengths)) == 1:
            self.headers = [header for header in self.headers if header[0] != CONTENT_LENGTH] + lengths[:1]
        super().set_body_reader()
