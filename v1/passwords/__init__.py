"""Password hashes: checking and creating them, and the threads that compute them."""
