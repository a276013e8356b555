"""gunicorn, changed where this service needs it: its worker, its request parser and its log.

    worker/        the main loop: accepts, reads, answers token checks, closes (docs/front.md)
    request/       when a request is whole, what a plain check is, and limits on what gunicorn's parser takes
    open_files     how many connections a worker may hold
    gunicorn_log   gunicorn's messages as JSON lines, without what a client sent

Each class overrides a few methods of one gunicorn version, which setup.cfg pins. tests/architecture/test_gunicorn.py
lists these methods and notices when their source changes.
"""
