"""The application of this process, with the settings of the environment. gunicorn and `gatepass` load it."""

import os

from v1 import create_app
from v1.settings import load

application = create_app(load(os.environ))
