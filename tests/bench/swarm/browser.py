"""A headless Chromium that does what it is told, by the DevTools protocol over its websocket."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websocket import WebSocket, create_connection

LIMIT_S = 60.0


def program() -> str | None:
    """Where Chromium is, None where there is none."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


class Page:
    """One page of a browser."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._numbers = count(1)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What a method of the protocol answers."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        result = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def open(self, address: str) -> None:
        """Go to an address."""
        self.ask("Page.navigate", url=address)

    def wait_for(self, script: str) -> Any:
        """Until an expression is true; its value."""
        deadline = time.monotonic() + LIMIT_S
        while not (found := self.run(script)):
            assert time.monotonic() < deadline, (
                f"{script} did not come to be: {self.run('document.documentElement.innerText')[:2000]}"
            )
            time.sleep(0.2)
        return found

    def click(self, words: str, then: str = "true") -> None:
        """Press what says these words, again while an expression does not become true: a page is there before it listens."""
        tags = "button, a, [role=tab]"
        found = f"[...document.querySelectorAll({tags!r})].find(one => one.innerText.trim().toLowerCase() === {words!r})"
        deadline = time.monotonic() + LIMIT_S
        self.wait_for(f"Boolean({found})")
        while True:
            self.run(f"{found}?.click()")
            for _ in range(25):
                if self.run(then):
                    return
                time.sleep(0.2)
            assert time.monotonic() < deadline, f"{words} was pressed in vain: {self.run('document.body.innerText')[:2000]}"

    def picture(self, path: Path) -> None:
        """What the page looks like, as PNG."""
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A page of a Chromium of our own, whose downloads go to the folder; it is ended at the end."""
    found = program()
    assert found is not None
    command = [
        found,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--window-size=1400,1100",
        "--remote-debugging-port=0",
        "--remote-allow-origins=*",
        f"--user-data-dir={folder / 'profile'}",
        "about:blank",
    ]
    with (folder / "browser.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "HOME": str(folder)},
            start_new_session=True,
        )
    try:
        port = folder / "profile" / "DevToolsActivePort"
        deadline = time.monotonic() + LIMIT_S
        while not port.is_file() or not port.read_text().strip():
            assert process.poll() is None, (folder / "browser.log").read_text()
            assert time.monotonic() < deadline, "the browser did not start"
            time.sleep(0.1)
        with urlopen(f"http://127.0.0.1:{port.read_text().split()[0]}/json/list", timeout=10) as answer:
            pages = [one for one in json.load(answer) if one["type"] == "page"]
        socket = create_connection(pages[0]["webSocketDebuggerUrl"], timeout=LIMIT_S)
        try:
            page = Page(socket)
            page.ask("Page.enable")
            page.ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
            yield page
        finally:
            socket.close()
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
