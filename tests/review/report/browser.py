"""A real Chromium for the tests, spoken to over the DevTools protocol's pipe.

The protocol is https://chromedevtools.github.io/devtools-protocol/; over a pipe each message is
JSON with a NUL behind it, read by Chromium from descriptor 3 and written to descriptor 4:
https://chromium.googlesource.com/chromium/src/+/main/content/public/common/content_switches.cc
"""

import base64
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE: Final = 60.0
"""Seconds for one answer; a busy machine starts a browser slowly."""

_FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
    # A page that counts as hidden is not painted.
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # Whatever asks for a host does not find it.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def find_chromium() -> str | None:
    """Where there is a Chromium on this machine; ``None`` where there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


@dataclass
class Pipe:
    """The two ends of a browser's pipe."""

    reading: int
    writing: int
    _rest: bytes = b""

    def send(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.writing, data) :]

    def receive(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self.reading], [], [], _PATIENCE)
            chunk = os.read(self.reading, 1 << 20) if ready else b""
            if not chunk:
                raise TimeoutError("the browser does not answer")
            self._rest += chunk
        message, _, self._rest = self._rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer


@dataclass
class Page:
    """One open page.

    Attributes:
        events: everything that the browser has reported, in order.
    """

    pipe: Pipe
    session: str
    events: list[dict[str, Any]] = field(default_factory=list)
    _last: int = 0

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and wait for its answer."""
        self._last += 1
        number = self._last
        message = {"id": number, "method": method, "params": params}
        self.pipe.send({**message, "sessionId": self.session} if self.session else message)
        while True:
            answer = self.pipe.receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def run(self, script: str) -> Any:
        """The value of a script in the page; promises are waited for."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Wait until a script's value is true."""
        last = time.monotonic() + _PATIENCE
        while not self.run(condition):
            if time.monotonic() > last:
                raise TimeoutError(f"never true: {condition}")
            time.sleep(0.05)

    def emulate(self, *, scheme: str, width: int, height: int = 900, media: str = "") -> None:
        """A theme (``light``, ``dark``), a width in CSS pixels, and ``print`` or the screen."""
        self.call(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def open(self, path: Path) -> None:
        """Load a file and wait until it is there."""
        self.call("Page.navigate", url=path.as_uri())
        self.wait_for("document.readyState === 'complete'")

    def screenshot(self, *, clip: tuple[float, float, float, float] | None = None) -> bytes:
        """What is seen as PNG, or a part of it: left, top, width and height in CSS pixels."""
        part: dict[str, Any] = {}
        if clip:
            left, top, width, height = clip
            part["clip"] = {"x": left, "y": top, "width": width, "height": height, "scale": 1}
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", **part)["data"])

    def requested(self) -> list[str]:
        """The addresses that were asked for, but for files."""
        sent = [e["params"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]
        urls = [event["request"]["url"] for event in sent]
        return [url for url in urls if not url.startswith(("file:", "data:"))]

    def complaints(self) -> list[str]:
        """Exceptions, and what the browser or a script put into the console as an error."""
        found = []
        for event in self.events:
            params = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(params["exceptionDetails"]))
            elif event.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
                found.append(str(params["entry"]))
            elif event.get("method") == "Runtime.consoleAPICalled" and params["type"] == "error":
                found.append(str(params["args"]))
        return found


@contextmanager
def chromium(executable: str) -> Iterator[Pipe]:
    """A running browser with a profile of its own; gone at the end."""
    to_browser, writing = os.pipe()
    reading, from_browser = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = os.posix_spawn(
            executable,
            [executable, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, to_browser, 3),
                (os.POSIX_SPAWN_DUP2, from_browser, 4),
            ],
            setpgroup=0,
        )
        try:
            os.close(to_browser)
            os.close(from_browser)
            yield Pipe(reading, writing)
        finally:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(reading)
            os.close(writing)


@contextmanager
def new_page(pipe: Pipe) -> Iterator[Page]:
    """A page of its own; closed at the end."""
    browser = Page(pipe, "")
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    page = Page(pipe, session)
    for domain in ("Page", "Network", "Runtime", "Log"):
        page.call(f"{domain}.enable")
    page.call("Page.bringToFront")
    try:
        yield page
    finally:
        browser.call("Target.closeTarget", targetId=target)
