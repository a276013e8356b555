"""Lists the live API tokens of all owners, personal ones and those of servers, for administrators."""

from typing import Final, Literal

from v1.db.tables.api_tokens import OwnedToken
from v1.kinds import API_TOKENS, DAY
from v1.tokens.issue import NEVER
from v1.tokens.store import TokenStore

Choice = Literal["all", "unused", "expiring", "never"]

UNUSED_SECONDS: Final = 90 * DAY
"""A token that was unused for this long counts as unused, and is marked wherever it is shown."""

EXPIRING_SECONDS: Final = 7 * DAY
"""A token that expires sooner than this is listed and marked."""

LOOKED_AT: Final = 10_000
"""The most live API tokens that a list looks at, which bounds its cost. Those that expire last are looked at."""


def count(store: TokenStore, choice: Choice, now: int) -> int:
    """The number of tokens that `page` can show."""
    table = store.tables.api_tokens
    match choice:
        case "unused":
            return table.count_unused(now - UNUSED_SECONDS, now, LOOKED_AT)
        case "expiring":
            return table.count_expiring(now, now + EXPIRING_SECONDS, LOOKED_AT)
        case _:
            return table.count(_after(choice, now), LOOKED_AT)


def page(store: TokenStore, choice: Choice, now: int, offset: int, limit: int) -> list[OwnedToken]:
    """One page: the longest unused first, or the next to expire first, else the newest first."""
    table = store.tables.api_tokens
    match choice:
        case "unused":
            return table.unused(now - UNUSED_SECONDS, now, LOOKED_AT, offset, limit)
        case "expiring":
            return table.expiring(now, now + EXPIRING_SECONDS, LOOKED_AT, offset, limit)
        case _:
            return table.newest(_after(choice, now), LOOKED_AT, offset, limit)


def is_cut(store: TokenStore, choice: Choice, now: int, total: int) -> bool:
    """May there be tokens that the list does not look at? `total` is its `count`."""
    looked_at = count(store, "all", now) if choice == "unused" else total
    return choice != "expiring" and looked_at >= LOOKED_AT


def find(store: TokenStore, token_ids: list[int]) -> list[OwnedToken]:
    """The API tokens of these ids. Ids of other tokens, or of none, are left out."""
    return [each for each in store.tables.api_tokens.find(token_ids) if each.token.kind in API_TOKENS]


def _after(choice: Choice, now: int) -> int:
    """Tokens that expire after this are of that choice."""
    return NEVER - 1 if choice == "never" else now
