"""gunicorn's worker as this service needs it: connections that end well, limits on heads, accept balancing."""
