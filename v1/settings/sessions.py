"""The settings of tokens and sessions: which kinds are accepted, how many a user has, how long they live."""

from dataclasses import dataclass

from v1 import kinds
from v1.settings.declaration import setting
from v1.settings.values import line, some_of, whole_number


@dataclass(frozen=True, kw_only=True)
class SessionSettings:
    """Tokens and sessions"""

    verify_kinds: tuple[str, ...] = setting(
        some_of(*kinds.VERIFIABLE),
        ("mobile",),
        "The kinds of token that `/v1/verify/` accepts.",
    )
    max_sessions_per_user: int = setting(
        whole_number(0, 100_000),
        0,
        """
        Sessions (logins) that a user may have. At the limit a login ends the user's longest-unused session. 0: no
        limit.

        Logins count: tokens of kind mobile and console, and the refresh token of a DeviceHive login. No login is
        refused for this limit. Ending a DeviceHive login revokes its whole token family. Further pairs of such a
        family, and API, stream, management and personal tokens, do not count.
        """,
    )
    pairs_per_login: int = setting(
        whole_number(1, 100_000),
        100,
        """
        Live refresh tokens that the family of one DeviceHive login may have. Beyond it `/token/create` answers 403.

        The family is the login's own refresh token and those of all pairs that were made with it at `/token/create`. A
        refresh token that expires or is revoked makes room. As many access tokens may outlive their refresh tokens.

        `/token/refresh` makes at most ten times this number of live access tokens with one refresh token. Then it
        answers 403 until one expires.

        An administrator's access token with every right makes pairs that start families of their own. These have no
        limit.
        """,
    )
    apiops_token_seconds: int = setting(
        whole_number(60, 31_536_000), 3600, "Seconds until a token of `/apiops/auth/token` expires."
    )
    console_idle_seconds: int = setting(
        whole_number(300, 86_400),
        1800,
        """
        Seconds without a request after which a session of the console ends.

        Uses are noted at most once a minute, so a session may end up to a minute sooner. The cookie itself goes when
        the browser is closed, unless the browser keeps such cookies for its next start.
        """,
    )
    console_seconds: int = setting(
        whole_number(300, 2_592_000),
        43_200,
        """
        Seconds after which a person must sign in to the console again, however busy they were.

        A change of this setting, or of CONSOLE_IDLE_SECONDS, holds for an open session
        from its next use on.
        """,
    )
    console_contact: str = setting(
        line,
        "",
        """
        Whom people who cannot sign in should ask, as `the help desk, +90 212 000 00 00`. The sign-in page says it.
        Empty: the administrator of this service.
        """,
    )
    events_days: int = setting(
        whole_number(0, 3650),
        90,
        """
        Days that the activity log is kept. 0: nothing is added to it.

        The table `events` has a row for each login, good or bad, and for each change of an account or token. The
        console shows it. A purge deletes older rows.
        """,
    )
