"""The PHP dialect under `/v1/`: login, sessions, logout and verify."""
