"""Owns the rows of `profiles`: what people say of themselves in the console."""

from v1.db.pool import Database
from v1.records import Profile


class Profiles:
    """The table of profiles, apart from `users`, which PHP shares."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, user_id: int) -> Profile:
        """What that user said; an empty one where there is no row."""
        rows = self._database.read("profiles.find", user_id=user_id)
        return Profile(*rows[0]) if rows else Profile()

    def save(self, user_id: int, profile: Profile) -> None:
        """Put this in the place of what was there. Raises DatabaseDown for a value that its column cannot hold."""
        values = {"full_name": profile.full_name, "email": profile.email, "language": profile.language}
        self._database.write("profiles.save", user_id=user_id, **values)
