"""A cluster on one machine: three database nodes, three Gatepass nodes and HAProxy, for readers, tests and the bench.

`cluster.py` starts all of it; `faults.py` breaks it under load; `promises.py` asks one node what another has answered.
"""
