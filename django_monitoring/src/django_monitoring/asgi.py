"""Publishes the last metrics of an ASGI application before its server ends.

uvicorn ends by raising the signal that it got once more, with the system's own handler, so
that nothing runs after it has closed the application: no ``atexit``. What can run is ASGI's
lifespan protocol, which Django's application does not speak.
https://github.com/Kludex/uvicorn/pull/1600
https://asgi.readthedocs.io/en/latest/specs/lifespan.html
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from .recorder import recorder

# Servers and frameworks type these differently, and all of them call them so.
Scope = Any
Message = Any
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


def publish_on_shutdown(application: Application) -> Application:
    """The application, with its metrics published when the server shuts it down.

    In ``asgi.py``::

        application = publish_on_shutdown(get_asgi_application())

    An application inside that speaks the lifespan protocol keeps doing so.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(application, scope, receive, send)
        else:
            await application(scope, receive, send)

    return wrapped


async def _lifespan(application: Application, scope: Scope, receive: Receive, send: Send) -> None:
    spoken = False

    async def receive_noting() -> Message:
        nonlocal spoken
        spoken = True
        return await receive()

    async def send_after_publishing(message: Message) -> None:
        if message["type"].startswith("lifespan.shutdown."):
            await asyncio.to_thread(recorder.flush, close=True)
        await send(message)

    try:
        await application(scope, receive_noting, send_after_publishing)
    except Exception:
        # Django refuses such a scope before it has received anything.
        if spoken:
            raise
    if not spoken:
        await _speak_lifespan(receive, send_after_publishing)


async def _speak_lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
