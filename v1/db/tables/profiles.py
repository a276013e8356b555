"""Reads and writes `profiles`: what users tell about themselves in the console; and the words that find them."""

import json
from dataclasses import asdict
from typing import Final

from v1.db.pool import Database
from v1.records import Profile

MOST_WORDS: Final = 1000
"""More words than a profile has: a full name has at most 100 characters."""


class Profiles:
    """The tables `profiles` and `profile_words`. They are separate from `users`, which PHP shares."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, user_id: int) -> Profile:
        """The profile of that user; an empty one if there is no row."""
        rows = self._database.read("profiles.find", user_id=user_id)
        return Profile(*rows[0]) if rows else Profile()

    def of_ids(self, ids: list[int]) -> dict[int, Profile]:
        """The profiles of these users, by user. Users without a row are left out."""
        rows = self._database.read("profiles.of_ids", ids=tuple(ids)) if ids else []
        return {user_id: Profile(*columns) for user_id, *columns in rows}

    def save(self, user_id: int, profile: Profile) -> None:
        """Replace the profile of that user, and its words. Raises DatabaseDown for a value that its column cannot
        hold. If it is cut off, old words may stay until the profile is saved again."""
        self._database.write("profiles.save", user_id=user_id, **asdict(profile))
        found = json.dumps(words(profile), ensure_ascii=False)
        self._database.write("profiles.drop_words", user_id=user_id, words=found, limit=MOST_WORDS)
        self._database.write("profiles.add_words", user_id=user_id, words=found)


def words(profile: Profile) -> list[str]:
    """What the profile is found by: each word of the full name, the email address, and its domain with the @."""
    email = folded(profile.email)
    _, at, domain = email.partition("@")
    return list(filter(None, dict.fromkeys([*folded(profile.full_name).split(), email, at + domain])))


def folded(text: str) -> str:
    """The text with `i` for each `ı`: to the column these two are as different as `i` and `k`. So `yilmaz` and `yılmaz`
    both find Yılmaz. All other marks are the column's own affair."""
    return text.replace("ı", "i")
