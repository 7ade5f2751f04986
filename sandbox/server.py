"""The emulator's own process: moto's server on a port that the system chooses.

Not to be imported: ``sandbox.emulator`` runs it. The port is the first line of its output. It
ends as soon as its standard input is closed, so it never outlives whoever started it, however
that came to an end.
"""

import os
import sys
import threading
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from moto.sns import models as sns
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log_request(self, *args: Any, **kwargs: Any) -> None:
        """Leave requests out of the log; errors stay in it."""


class _NoNetwork:
    """Stands in for ``requests`` where moto would deliver notifications to the real internet."""

    @staticmethod
    def post(*_: Any, **__: Any) -> None:
        """Deliver nothing: a sandbox must never call somebody's pager."""


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Serve until the standard input is closed."""
    sns.requests = _NoNetwork
    # Making the Flask applications of all services at once would race; each is made when asked
    # for, by moto itself.
    app = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
