"""Reads and writes `auth_tokens`: tokens of every kind. PHP shares the table. All times are Unix seconds.

token_inserts.py adds rows; token_lists.py has the lists and counts that people look at.
"""

from v1.db.packed_row import unpack
from v1.db.prepared_check import PreparedCheck
from v1.db.tables.token_inserts import TokenInserts
from v1.records import PresentedToken, Principal, Token

Found = tuple[Principal, PresentedToken]

BATCH = 1000  # the most rows that one DELETE takes


class Tokens(TokenInserts):
    """The table `auth_tokens`."""

    def check(self, auth_key: str, now: int) -> Found | None:
        """The user and the token of this digest. None if it is unknown or expired, or its user disabled or deleted."""
        rows = self._database.read("auth_tokens.check", auth_keys=[auth_key])
        return self.live(str(rows[0][0]).split(" ", 1)[1], now) if rows else None

    def prepared_check(self, causal: bool) -> PreparedCheck:
        """A connection that looks many digests up at once, without waiting for them. Connecting waits.

        `causal`: on a cluster, each look-up finds what other nodes had committed before it.
        """
        self._database.username_column()  # `live` reads it, and must not wait
        return self._database.prepared_check("auth_tokens.check", causal)

    def live(self, row: str, now: int) -> Found | None:
        """The user and the token of a packed row, or None if the token has expired."""
        principal, token = unpack(row, self._users.name)
        return (principal, token) if token.expiry > now else None

    def find_live(self, auth_key: str, now: int) -> tuple[Principal, Token] | None:
        """The same as `check`, with all columns of the token."""
        rows = self._database.read("auth_tokens.find_live", auth_key=auth_key, now=now)
        if not rows:
            return None
        *columns, username, access_level, is_admin = rows[0]
        token = Token(*columns)
        name = self._users.name(username) if token.user_id else ""
        return Principal(token.user_id, name, access_level, bool(is_admin)), token

    def find(self, auth_key: str) -> Token | None:
        """The token of this digest, expired ones too."""
        rows = self._database.read("auth_tokens.find", auth_key=auth_key)
        return Token(*rows[0]) if rows else None

    def delete(self, token_id: int) -> int:
        """Delete one token; 1, or 0 if it did not exist.

        If a foreign key keeps the row, its expiry becomes 0 instead: the token is dead, and a purge deletes the row
        once nothing keeps it. The methods below do the same.
        """
        written = self._database.write("auth_tokens.delete", id=token_id)
        return written.rows or (self._database.write("auth_tokens.end", id=token_id).rows if written.warnings else 0)

    def delete_of_user(self, user_id: int) -> int:
        """Delete all tokens of a user, in batches; the number of deleted tokens."""
        return self._in_batches("auth_tokens.delete_of_user", "auth_tokens.end_of_user", user_id=user_id)

    def delete_devices(self, user_id: int, kinds: tuple[str, ...], except_id: int) -> int:
        """Delete the user's tokens of these kinds except the one of id `except_id`; the number of deleted tokens."""
        doomed = {"user_id": user_id, "kinds": kinds, "except_id": except_id}
        return self._in_batches("auth_tokens.delete_kinds_of_user", "auth_tokens.end_kinds_of_user", **doomed)

    def delete_family(self, token_id: int, kinds: tuple[str, ...]) -> int:
        """Delete a refresh token, its children of these kinds and their children; the number of deleted tokens.

        The first step sets its expiry to 0, so it is dead at once. The last one deletes its row: until then the
        revocation can be resumed, if it was cut off.
        """
        ended = self._database.write("auth_tokens.end", id=token_id).rows
        self._in_batches("auth_tokens.end_refresh_tokens_of", id=token_id)
        # A DELETE IGNORE of joined tables warns of no row that stays, so the grandchildren are ended first.
        self._in_batches("auth_tokens.end_grandchildren", id=token_id)
        below = self._in_batches("auth_tokens.delete_grandchildren", id=token_id)
        return below + self.delete_children(token_id, kinds) + max(ended, self.delete(token_id))

    def delete_children(self, token_id: int, kinds: tuple[str, ...]) -> int:
        """Delete the children of these kinds of a token, in batches; the number of deleted tokens."""
        doomed = {"id": token_id, "kinds": kinds}
        return self._in_batches("auth_tokens.delete_kinds_of_parent", "auth_tokens.end_kinds_of_parent", **doomed)

    def list_unfinished_revocations(self) -> list[int]:
        """The ids of refresh tokens whose revocation was cut off: their expiry is 0. At most BATCH of them."""
        return [row[0] for row in self._database.read("auth_tokens.list_ended", limit=BATCH)]

    def list_over_limit(self, user_id: int, kinds: tuple[str, ...], keep: int, newest: int, now: int) -> list[Token]:
        """The user's sessions over the limit: older than `newest`, live, and not among the `keep` - 1 used last."""
        values = {"user_id": user_id, "kinds": kinds, "newest": newest, "keep": keep - 1, "now": now, "limit": BATCH}
        return [Token(*row) for row in self._database.read("auth_tokens.list_over_limit_of_user", **values)]

    def touch(self, token_ids: list[int], now: int, idle: int = 0, longest: int = 0) -> None:
        """Note that these tokens were used now. `last_access` never goes back.

        With `idle` over 0 a live console session then expires `idle` seconds from now, or `longest` seconds after its
        login if that is earlier.
        """
        self._database.write("auth_tokens.touch", ids=token_ids, now=now, idle=idle, longest=longest)

    def touch_from(self, address: str, token_ids: list[int], now: int) -> None:
        """Note that these API tokens were used now, from that address. `last_access` never goes back."""
        self._database.write("auth_tokens.touch_from", address=address, ids=token_ids, now=now)

    def count_expired(self, before: int, limit: int) -> int:
        """The number of tokens that expired by `before`, counted up to `limit`."""
        return int(self._database.read("auth_tokens.count_expired", before=before, limit=limit)[0][0])

    def delete_expired(self, before: int, limit: int, kept: int = 0) -> tuple[int, int]:
        """Delete at most `limit` tokens that expired by `before`. Returns their number, and how many rows before the
        next ones stay, as a foreign key keeps them: give it to the next call as `kept`.

        For MySQL a row that stays counts towards the LIMIT, for MariaDB it does not. There nothing stays before others.
        """
        while True:
            most = limit + kept
            written = self._database.write("auth_tokens.delete_expired", before=before, limit=most)
            if not written.warnings or written.rows + written.warnings != most:
                return written.rows, kept
            kept = written.warnings
            if written.rows:
                return written.rows, kept

    def _in_batches(self, statement: str, ending: str = "", /, **values: object) -> int:
        """Run a statement until it changes no row; the number of changed rows.

        If the server warned of rows that a foreign key keeps, run `ending` in the same way.
        """
        total, rows = 0, 1
        while rows:
            written = self._database.write(statement, limit=BATCH, **values)
            total, rows = total + written.rows, written.rows
        return total + (self._in_batches(ending, **values) if written.warnings and ending else 0)
