"""Owns which doors are open. A door is a module with PREFIXES (the paths it answers errors below), ERRORS,
`blueprint(core)`, `read`, `answer` and `refuse(core, refusal)`.

(`/v1/verify/` and `/stream/check` are doors too, but answer by themselves before Flask: see v1/doors/bare.py.)
"""

from v1.doors import apiops, apiops_tokens, console, devicehive, introspection, oauth, ops, revocation, rpc, sessions

DOORS = (oauth, sessions, introspection, revocation, rpc, devicehive, apiops, apiops_tokens, console, ops)
