"""Owns the application of this process: its settings are the environment's. gunicorn and `gatepass` load it."""

import os

from v1 import create_app
from v1.settings import load

application = create_app(load(os.environ))
