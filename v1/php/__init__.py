"""Owns the PHP wire: how `$_POST` reads a body and how `json_encode` writes one."""
