"""Owns which doors are open. A door is a module with PREFIX, ERRORS, `blueprint(core)` and `refuse(core, refusal)`.

(`/v1/verify/` is one too, but answers by itself before Flask: see `verify.middleware`.)
"""

from v1.doors import introspection, oauth, ops, revocation, sessions

DOORS = (oauth, sessions, introspection, revocation, ops)
