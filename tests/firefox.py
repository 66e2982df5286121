"""The system's Firefox as it is, driven over its own WebDriver BiDi socket. It is no browser of Playwright's: what it
can and cannot do is what people's Firefox does."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
PATIENCE_S = 60
LISTENS = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")

# Sound may begin without a tap, and no page of Mozilla's is asked for. `mingtang.test` is this computer under a name
# that browsers do not trust as they trust localhost.
PREFERENCES: dict[str, Any] = {
    "media.autoplay.default": 0,
    "network.dns.localDomains": "mingtang.test",
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "services.settings.server": "data:,",
    "intl.accept_languages": "en",
}


class Firefox:
    """One window. `with Firefox(folder) as fox: fox.open(url); fox.ask("document.title")`."""

    def __init__(self, profile: Path, environment: Mapping[str, str] | None = None) -> None:
        """Pages are opened whose certificate nobody vouches for. `environment` is added to its own."""
        self._profile, self._environment = profile, {**os.environ, **(environment or {})}
        self._number = 0
        self._held = contextlib.ExitStack()

    def __enter__(self) -> Firefox:
        assert FIREFOX is not None, "Firefox is not installed"
        self._profile.mkdir(parents=True, exist_ok=True)
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
        (self._profile / "user.js").write_text("\n".join(lines))
        self._process = subprocess.Popen(
            [FIREFOX, "--headless", "--no-remote", "--profile", str(self._profile), "--remote-debugging-port", "0"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            address = f"{self._address()}/session"
            self._line = self._held.enter_context(connect(address, max_size=None, open_timeout=PATIENCE_S))
            wanted = {"alwaysMatch": {"acceptInsecureCerts": True}}
            self._call("session.new", capabilities=wanted)
            self._window = self._call("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self._end()
            raise
        return self

    def _address(self) -> str:
        """Firefox says it on its error output."""
        assert self._process.stderr is not None
        said, until = b"", time.monotonic() + PATIENCE_S
        while (found := LISTENS.search(said)) is None:
            ready, _, _ = select.select([self._process.stderr], [], [], until - time.monotonic())
            more = self._process.stderr.read1(4096) if ready else b""  # type: ignore[attr-defined]
            assert more, f"Firefox did not start: {said.decode(errors='replace')}"
            said += more
        return found[1].decode()

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._line.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while (said := json.loads(self._line.recv(PATIENCE_S))).get("id") != self._number:
            pass
        assert said["type"] == "success", said
        return dict(said["result"])

    def preload(self, script: str) -> None:
        """Runs first in each page that is opened from now on."""
        self._call("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def open(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self._window, url=url, wait="complete")

    def ask(self, expression: str) -> Any:
        """The value of an expression of JavaScript in the page, as JSON carries it; a promise is waited for. As a tap
        of the user, where that matters."""
        asked = f"(async () => JSON.stringify((await ({expression})) ?? null))()"
        said = self._call(
            "script.evaluate",
            expression=asked,
            target={"context": self._window},
            awaitPromise=True,
            userActivation=True,
        )
        assert said["type"] == "success", said.get("exceptionDetails", {}).get("text")
        return json.loads(said["result"]["value"])

    def wait(self, condition: str) -> Any:
        """Until the expression is true in the page, looked at with each of its frames; its value."""
        return self.ask(
            f"new Promise((found) => {{ const look = () => {{ const value = ({condition});"
            " if (value) found(value); else setTimeout(look, 50); }; look(); })"
        )

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def __exit__(self, *_: object) -> None:
        self._held.close()
        self._end()
