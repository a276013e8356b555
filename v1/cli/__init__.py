"""Operator commands: `gatepass db`, `session`, `token`, `user` and `serve`. `flask` runs them in a clone too."""
