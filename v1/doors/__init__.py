"""Owns which doors are open. A door is a module with PREFIXES (the paths it answers errors below), ERRORS,
`blueprint(core)`, `read`, `answer` and `refuse(core, refusal)`.

(`/v1/verify/` and `/stream/check` are doors too, but answer by themselves before Flask: see v1/doors/pre_flask.py.)
"""

from v1.doors import console, ops
from v1.doors.apiops import auth as apiops_auth
from v1.doors.apiops import tokens as apiops_tokens
from v1.doors.devicehive import auth_api as devicehive
from v1.doors.media import rpc
from v1.doors.mobile import oauth, sessions
from v1.doors.rfc import introspection, revocation

DOORS = (oauth, sessions, introspection, revocation, rpc, devicehive, apiops_auth, apiops_tokens, console, ops)
