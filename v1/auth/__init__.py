"""What a request proves and what it may do: login, guard, throttle, accounts, write-behind, purge."""
