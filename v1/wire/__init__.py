"""Bytes in, values out, no state: PHP forms and JSON, strict JSON, JSON-RPC, dates, addresses, latin1."""
