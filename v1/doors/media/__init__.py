"""The media server's JSON-RPC API at `/api/`, and the check of stream tokens at `/stream/check`."""
