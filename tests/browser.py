"""A real browser for tests: Chromium without a window, driven by its DevTools protocol."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import websocket

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE_S = 60.0


class Tab:
    """One page of a running browser; what it loads and complains of is kept."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket, self._number = socket, 0
        self.requested: list[str] = []
        self.complaints: list[str] = []
        for domain in ("Page", "Network", "Runtime", "Log"):
            self._call(f"{domain}.enable")

    def open(self, page: Path, width: int, *, dark: bool = False) -> None:
        """Show a file in a window `width` pixels wide and wait until it is loaded."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", **metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        self._call("Page.navigate", url=page.as_uri())
        while self._next()["method"] != "Page.loadEventFired":
            pass

    def ask(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def _call(self, method: str, **params: object) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = self._receive()
            if message.get("id") == self._number:
                assert "error" not in message, message["error"]
                return message["result"]  # type: ignore[no-any-return]

    def _next(self) -> dict[str, Any]:
        while "method" not in (message := self._receive()):
            pass
        return message

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv())
        params = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.requested.append(params["request"]["url"])
        if message.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.complaints.append(json.dumps(params))
        return message


@contextmanager
def a_browser() -> Iterator[Tab]:
    """Run Chromium with a new profile; skips where none is installed."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"needs a browser on PATH, one of {', '.join(NAMES)}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
        options += [f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank"]
        browser = subprocess.Popen(
            [program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield Tab(_first_tab(Path(profile) / "DevToolsActivePort"))
        finally:
            browser.kill()
            browser.wait()


def _first_tab(said: Path) -> websocket.WebSocket:
    until = time.monotonic() + PATIENCE_S
    while not (said.exists() and len(lines := said.read_text().split()) == 2):
        assert time.monotonic() < until, f"Chromium said no port within {PATIENCE_S:g} s"
        time.sleep(0.05)
    port, path = lines
    whole = websocket.create_connection(
        f"ws://127.0.0.1:{port}{path}", timeout=PATIENCE_S, suppress_origin=True
    )
    whole.send(
        json.dumps({"id": 0, "method": "Target.createTarget", "params": {"url": "about:blank"}})
    )
    while (answer := json.loads(whole.recv())).get("id") != 0:
        pass
    target = answer["result"]["targetId"]
    return websocket.create_connection(
        f"ws://127.0.0.1:{port}/devtools/page/{target}", timeout=PATIENCE_S, suppress_origin=True
    )
