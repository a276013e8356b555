"""Ends with 0 if the service in this container answers /healthz: `python3 -I -S health.py`.

It imports nothing of Gatepass, which would take most of a second of the processor for each question.
"""

import os
from http.client import HTTPConnection, HTTPException

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}

host = os.environ.get("HOST", "127.0.0.1").strip("[]")
connection = HTTPConnection(EVERY_ADDRESS.get(host, host), int(os.environ.get("PORT", "8000")), timeout=5)
try:
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
except (OSError, HTTPException) as error:
    raise SystemExit(f"the service does not answer: {error}") from None
if status != 200:
    raise SystemExit(f"/healthz answers {status}")
