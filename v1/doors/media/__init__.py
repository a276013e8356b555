"""The media server's JSON-RPC at `/api/`, and the check of stream tokens."""
