"""What a request presents: its token, Basic credentials or cookie, and where it comes from.

No other code reads the Authorization header, cookies, or the address of a client: doors call `guard.authorize(..)` and
the functions below. Each takes `environ`, WSGI's dictionary of the request.
"""

from v1.auth.guard.authorization_header import (
    basic_credentials,
    scheme,
    token_in_header,
    token_with_optional_scheme,
)
from v1.auth.guard.browser import is_refresh, is_same_origin, read_cookie
from v1.auth.guard.forwarded_for import client_address
from v1.auth.guard.local_programs import is_local, may_create_api_tokens, may_read_metrics
from v1.auth.guard.presented_token import (
    AuthorizedCaller,
    TokenCheck,
    authorize,
    begin_check,
    check_token,
    finish_check,
    look_up,
    unpack,
)

__all__ = [
    "AuthorizedCaller",
    "TokenCheck",
    "authorize",
    "basic_credentials",
    "begin_check",
    "check_token",
    "client_address",
    "finish_check",
    "is_local",
    "is_refresh",
    "is_same_origin",
    "look_up",
    "may_create_api_tokens",
    "may_read_metrics",
    "read_cookie",
    "scheme",
    "token_in_header",
    "token_with_optional_scheme",
    "unpack",
]
