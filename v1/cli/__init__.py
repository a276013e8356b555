"""Operator commands: `gatepass db`, `session`, `token`, `user`, `serve`, `capacity`. `flask` runs the first four."""
