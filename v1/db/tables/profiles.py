"""Reads and writes `profiles`: what users tell about themselves in the console."""

from v1.db.pool import Database
from v1.records import Profile


class Profiles:
    """The table `profiles`. It is separate from `users`, which PHP shares."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, user_id: int) -> Profile:
        """The profile of that user; an empty one if there is no row."""
        rows = self._database.read("profiles.find", user_id=user_id)
        return Profile(*rows[0]) if rows else Profile()

    def save(self, user_id: int, profile: Profile) -> None:
        """Replace the profile of that user. Raises DatabaseDown for a value that its column cannot hold."""
        values = {"full_name": profile.full_name, "email": profile.email, "language": profile.language}
        self._database.write("profiles.save", user_id=user_id, **values)
