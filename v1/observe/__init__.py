"""What operators see: log lines, metrics and request ids."""
