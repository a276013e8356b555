"""gunicorn's HTTP request with three changes, one class each."""

from v1.server.request.duplicate_content_length import DuplicateContentLength
from v1.server.request.head_limits import HeadLimits
from v1.server.request.unread_body import UnreadBody


class Request(HeadLimits, DuplicateContentLength, UnreadBody):
    """The sum of these changes."""
