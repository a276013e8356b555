"""What operators see: log lines, request ids and metrics."""
