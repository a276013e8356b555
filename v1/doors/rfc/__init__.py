"""Introspection (RFC 7662) and revocation (RFC 7009), with the errors of RFC 6749."""
