"""From measured constants to machines: how much Gatepass needs for so many users. Sums alone; nothing is asked."""
