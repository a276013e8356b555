"""The settings that choose between two forms of an answer."""

from dataclasses import dataclass
from typing import Literal

from v1.settings.declaration import setting
from v1.settings.values import one_of, switch


@dataclass(frozen=True, kw_only=True)
class AnswerSettings:
    """Answers"""

    error_status: Literal["php", "http"] = setting(
        one_of("php", "http"),
        "php",
        """
        The status of errors. `php`: 200 under `/v1/`, as installed apps expect, and 400 at `/api/`. `http`: real ones,
        400, 401, 403, 404, 405, 413, 429, 500 and 503.

        [errors.md](errors.md) has the real status of each error. With `php`, `/api/` still answers 500 to -32603, and
        404 or 405 to an unknown path or method. All other doors always use real statuses, and so do `/v1/verify/`,
        `/v1/oauth/introspect/` and `/v1/oauth/revoke/`.
        """,
    )
    rpc_bare_results: bool = setting(
        switch,
        False,
        """
        1: `/api/` answers a good call with its result alone, as the media server's pages print it. 0: with a JSON-RPC
        response.

        The bare result of a call for a token is a JSON string. Batches and errors are the same with both.
        """,
    )
    apiops_errors: Literal["vendor", "rfc"] = setting(
        one_of("vendor", "rfc"),
        "vendor",
        """
        What `/apiops/` answers to wrong credentials and bad tokens. `vendor`: `unauthorized_client`, like the API
        manager. `rfc`: `invalid_client` (RFC 6749) and `invalid_token` (RFC 6750).
        """,
    )
