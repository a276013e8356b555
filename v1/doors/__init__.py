"""Owns which doors are open. A door is a module with PREFIX, ERRORS, `blueprint(core)` and `refuse(core, refusal)`."""

from v1.doors import oauth

DOORS = (oauth,)
