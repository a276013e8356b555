"""The settings of the environment and of the keys that sign tokens."""

from dataclasses import dataclass
from typing import Final, Literal

from v1.settings.declaration import setting
from v1.settings.values import keys, lenient_base64, one_of

DEVELOPMENT_KEY: Final = b"for development only: nothing is safe that this key signed"


@dataclass(frozen=True, kw_only=True)
class EnvironmentSettings:
    """Environment and signing keys"""

    app_env: Literal["production", "development"] = setting(
        one_of("production", "development"),
        "production",
        """
        `production` or `development`. Only development honours `debug=1`.

        Development also allows a cheap BCRYPT_COST and starts without TOKEN_KEYS. Only there does `make run` create
        tables and a demo user.
        """,
    )
    token_keys: tuple[bytes, ...] = setting(
        keys,
        (DEVELOPMENT_KEY,),
        """
        The keys that sign stream tokens and the tokens of `/token`: one or more, each of at least 32 bytes, with commas
        between. The first one signs, all of them verify. Make one with `openssl rand -hex 32`.

        Every node needs the same keys. Without a key, production starts neither the service nor a command.
        Development has a key of its own, which protects nothing.

        To change the key, put the new one in front. Keep the old one as long as the tokens that it signed are to be
        good. Removing a key ends all tokens that it signed, with the next start of each node. The steps are in
        [operating.md](operating.md#signing-keys).

        Mobile, API, management and personal tokens are not signed: no key affects them.
        """,
        default_text="none in production",
        preset="",
        secret=True,
    )
    devicehive_jwt_secret: bytes | None = setting(
        lenient_base64,
        None,
        """
        A key shared with a DeviceHive server, in base64 like its `JWT_SECRET`. It signs the tokens of `/token` in place
        of TOKEN_KEYS, so that DeviceHive accepts them.

        It is decoded as DeviceHive decodes it: characters outside the alphabet are skipped, and an incomplete last
        group is dropped. Production requires at least 32 decoded bytes. Stream tokens still need TOKEN_KEYS.

        A token of `/token` is dead if another key signed it. Setting, changing or removing this key ends them all.

        Gatepass accepts no token that DeviceHive itself signed, because such a token has no row here.

        DeviceHive looks only at the signature and the expiry of a token:

        - A token that was revoked here stays good there until it expires (an access token after 30 minutes, a refresh
          token after 182 days, unless its request asked for more).
        - The user is the id in the token, which is the id in our table `users`. Set this key only if both know the same
          people by the same ids.
        - It believes the networks and device types that a token names, and only it knows which ids a user may access.
          So with this key, `/token/create` answers 403 to ids of networks (or device types) if those of the access
          token are null, which means all that the user may access. An administrator's access token with every right is
          exempt.
        """,
        secret=True,
    )
