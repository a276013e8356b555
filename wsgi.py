"""The WSGI entry point of a clone: `gunicorn -c config/gunicorn.conf.py wsgi:application`, and what `flask` finds."""

from v1.wsgi import application

__all__ = ["application"]
