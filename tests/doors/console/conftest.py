"""Browsers in which somebody has just signed in."""

import pytest

from tests.conftest import Service
from tests.doors.console.signed_in import Browser, Scene, scene, signed_in


@pytest.fixture
def browser(service: Service) -> Browser:
    """The browser of `admin`, who is no administrator."""
    return signed_in(service)


@pytest.fixture
def seen(service: Service) -> Scene:
    return scene(service)
