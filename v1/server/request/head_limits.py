"""A request's head, and the trailer section behind its body, have a limit in bytes and in fields.

gunicorn counts only the fields that it keeps, not those that it drops (`header_map = "drop"`). And it removes each line
from the front of a list, so that the time grows with the square of their number.

Here a head is refused before its fields are looked at.
"""

from typing import Any, Final

from gunicorn.http.errors import LimitRequestHeaders  # type: ignore[import-untyped]
from gunicorn.http.message import Request  # type: ignore[import-untyped]

HEADER_FIELDS: Final = 100
HEADER_BYTES: Final = 32 * 1024
"""The largest head, and the largest trailer section."""

READ_BYTES: Final = 8 * 1024
"""The buffer of a head may be larger by this much: bytes of the body may stand behind it."""

LINE_BYTES: Final = 8190
"""The longest request line."""


class HeadLimits(Request):  # type: ignore[misc]
    """Overrides `parse`, which reads a head; `read_into`, which it calls for more; and `parse_headers`, which reads the
    fields of a head or trailer section.

    gunicorn stops reading at `max_buffer_headers`, in a head and in a trailer section.
    """

    def parse(self, unreader: Any) -> bytes:
        self.max_buffer_headers = HEADER_BYTES + READ_BYTES
        return bytes(super().parse(unreader))

    def read_into(self, unreader: Any, buf: bytearray, stop: bool = False) -> None:
        if len(buf) > self.max_buffer_headers:
            raise LimitRequestHeaders("too large a head")
        super().read_into(unreader, buf, stop)

    def parse_headers(self, data: bytes, from_trailer: bool = False) -> list[tuple[str, str]]:
        if len(data) > HEADER_BYTES or data.count(b"\r\n") >= HEADER_FIELDS:
            raise LimitRequestHeaders("too many or too large header fields")
        return list(super().parse_headers(data, from_trailer))
