"""The emulator's own process: moto's server on a port that the system chooses.

Not to be imported: ``sandbox.emulator`` runs it. The port is the first line of its output. It
ends as soon as its standard input is closed, so it never outlives whoever started it, however
that came to an end.
"""

import os
import sys
import threading
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sns import models as sns
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox import composite_backend
from sandbox.metric_streams import add_metric_streams


class _QuietRequestHandler(WSGIRequestHandler):
    def log_request(self, *args: Any, **kwargs: Any) -> None:
        """Leave requests out of the log; errors stay in it."""


class _NoNetwork:
    """Stands in for ``requests`` where moto would deliver notifications to the real internet."""

    @staticmethod
    def post(*_: Any, **__: Any) -> None:
        """Deliver nothing: a sandbox must never call somebody's pager."""


def _tell(error: InternalServerError) -> tuple[str, int]:
    """Answer with what went wrong in moto, in place of a page that says that something did."""
    return f"{type(error.original_exception).__name__}: {error.original_exception}", 500


def _create_app(service: Any) -> Any:
    app = create_backend_app(service)
    app.register_error_handler(InternalServerError, _tell)
    return app


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Serve until the standard input is closed."""
    setattr(sns, "requests", _NoNetwork)  # noqa: B010 (moto has it as a module, not as an option)
    add_metric_streams()
    composite_backend.install()
    app = DomainDispatcherApplication(_create_app)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietRequestHandler)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
