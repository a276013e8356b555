"""Kills, and faults of the machine, under load: `python -m tools.crash`, or `make crash`.

`machine.py` is one database server and one Gatepass that is started again as systemd would; `doors.py` the clients of
every door; `dialects.py` judges their answers; `kills.py` kills; `faults.py` fills disks, takes memory and breaks logs.
"""
