"""The mobile apps' API under `/v1/`, in the form of the replaced PHP page: login, sessions, logout and verify."""
