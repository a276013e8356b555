"""Coverage-guided fuzzing by atheris. The targets are in tests/fuzzing/targets/."""
