"""Lists the API tokens of all owners, of the kinds `api` and `personal`. All times are Unix seconds."""

from dataclasses import dataclass

from v1.db.pool import Database, Row
from v1.db.tables.users import Users
from v1.records import Token


@dataclass(frozen=True)
class OwnedToken:
    """A token and the name of its owner: None if the owner is gone, or if it is a server's (`token.user_id` 0)."""

    token: Token
    owner: str | None


class ApiTokens:
    """The rows of `auth_tokens` that are API tokens. Every list looks at `most` live ones, and no more."""

    def __init__(self, database: Database, users: Users) -> None:
        self._database, self._users = database, users

    def count(self, after: int, most: int) -> int:
        """The number of tokens that expire after that time."""
        return int(self._database.read("api_tokens.count", after=after, most=most)[0][0])

    def newest(self, after: int, most: int, offset: int, limit: int) -> list[OwnedToken]:
        """One page of the tokens that expire after that time, the newest first."""
        values = {"after": after, "most": most, "offset": offset, "limit": limit}
        return self._owned(self._database.read("api_tokens.page_newest", **values))

    def count_unused(self, before: int, now: int, most: int) -> int:
        """The number of tokens that were made before that time and not used since."""
        return int(self._database.read("api_tokens.count_unused", before=before, after=now, most=most)[0][0])

    def unused(self, before: int, now: int, most: int, offset: int, limit: int) -> list[OwnedToken]:
        """One page of the tokens that were made before that time and not used since, the longest unused first."""
        values = {"before": before, "after": now, "most": most, "offset": offset, "limit": limit}
        return self._owned(self._database.read("api_tokens.page_unused", **values))

    def count_expiring(self, now: int, until: int, most: int) -> int:
        """The number of tokens that expire until then."""
        return int(self._database.read("api_tokens.count_expiring", now=now, until=until, most=most)[0][0])

    def expiring(self, now: int, until: int, most: int, offset: int, limit: int) -> list[OwnedToken]:
        """One page of the tokens that expire until then, the next to expire first."""
        values = {"now": now, "until": until, "most": most, "offset": offset, "limit": limit}
        return self._owned(self._database.read("api_tokens.page_expiring", **values))

    def find(self, token_ids: list[int]) -> list[OwnedToken]:
        """The tokens of these ids, of any kind, in order of id. Expired ones too."""
        rows = self._database.read("api_tokens.find", ids=token_ids, limit=len(token_ids)) if token_ids else []
        return self._owned(rows)

    def _owned(self, rows: list[Row]) -> list[OwnedToken]:
        name_of = self._users.name
        return [OwnedToken(Token(*columns), name_of(name) if known else None) for *columns, known, name in rows]
