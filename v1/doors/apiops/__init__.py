"""The management API: its token, and the personal tokens of its users."""
