"""Measurements of Gatepass that anyone can repeat: `python -m bench` prints tables for bench/results.md."""
