"""The management API's token, and a person's own tokens."""
