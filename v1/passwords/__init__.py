"""Password hashes, the crypt implementation, and the threads that hash."""
