"""The WSGI entry point: `gunicorn -c config/gunicorn.conf.py wsgi:application`, and what `flask` finds by itself."""

import os

from v1 import create_app
from v1.settings import load

application = create_app(load(os.environ))
