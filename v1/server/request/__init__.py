"""gunicorn's HTTP request with three changes, one class each, and how a request arrives (incoming, plain_check)."""

from v1.server.request.duplicate_content_length import DuplicateContentLength
from v1.server.request.head_limits import HeadLimits
from v1.server.request.unread_body import UnreadBody


class Request(HeadLimits, DuplicateContentLength, UnreadBody):
    """The sum of these changes. This class itself overrides `set_body_reader`."""

    def set_body_reader(self) -> None:
        super().set_body_reader()
        self._expected_100_continue = False  # the main loop tells a client to continue, if its body has not come
