"""The tests. Each folder tests the package of v1 that has its name; `e2e` runs whole servers."""

import pytest

# A failed assert in a helper module explains itself as one in a test does.
HELPED = ("architecture", "auth", "db", "doors", "e2e", "server", "tokens")
pytest.register_assert_rewrite(*(f"tests.{each}" for each in HELPED))
