"""Targets for coverage-guided fuzzing: what must hold for any bytes. `python -m tools.fuzz` runs them with atheris."""
