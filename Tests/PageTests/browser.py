"""A headless Chromium that is driven through pipes: no server, no driver, no port."""

import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
# Seconds until an answer or an event counts as missing.
PATIENCE = 60

# Keys that write nothing, as browsers call and number them.
NAMED_KEYS = {
    "Enter": 13, "Backspace": 8, "Escape": 27, "Tab": 9, " ": 32,
    "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
}


def installed():
    """The path of a browser; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One browser with one page, in a profile of its own."""

    def __init__(self, program, downloads):
        self.profile = tempfile.TemporaryDirectory(prefix="8cut-browser-")
        self.downloads = pathlib.Path(downloads)
        self._number, self._events, self._pending = 0, [], b""
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        options = [
            "--remote-debugging-pipe", "--headless", "--disable-gpu", "--mute-audio",
            "--no-first-run", "--disable-background-networking", "--hide-scrollbars",
            "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={self.profile.name}",
        ]
        # Chromium's sandbox does not work for root, nor in most containers.
        if os.geteuid() == 0:
            options.append("--no-sandbox")

        self._log = open(pathlib.Path(self.profile.name, "log"), "wb")
        # The browser reads commands from 3 and writes answers to 4.
        self._process = subprocess.Popen(
            ["sh", "-c", 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"', "sh",
             str(theirs_in), str(theirs_out), program, *options, "about:blank"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            pass_fds=(theirs_in, theirs_out), start_new_session=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        target = next(
            found for found in self._call("Target.getTargets")["targetInfos"]
            if found["type"] == "page"
        )
        self._session = self._call(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")
        self._call(
            "Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads),
            eventsEnabled=True,
        )

    def close(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._log.close()
        self.profile.cleanup()

    # ---- The protocol: JSON objects, each with a zero byte after it

    def _read(self, deadline):
        while b"\0" not in self._pending:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._in], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            piece = os.read(self._in, 1 << 20)
            if not piece:
                log = pathlib.Path(self._log.name).read_text(errors="replace")
                raise ConnectionError(f"the browser has ended: {log[-2000:]}")
            self._pending += piece
        text, _, self._pending = self._pending.partition(b"\0")
        return json.loads(text)

    def _call(self, method, session=None, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._read(deadline)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            if "method" in answer:
                self._take(answer)

    def _take(self, event):
        self._events.append(event)
        # A question holds the page until it is answered: yes.
        if event["method"] == "Page.javascriptDialogOpening":
            self._number += 1
            answer = {
                "id": self._number, "method": "Page.handleJavaScriptDialog",
                "params": {"accept": True}, "sessionId": event["sessionId"],
            }
            os.write(self._out, json.dumps(answer).encode() + b"\0")

    def call(self, method, **parameters):
        """Sends a command of the page, and returns its result."""
        return self._call(method, self._session, **parameters)

    def events(self, method):
        """The parameters of all events of a kind so far."""
        self.run("0")
        return [event["params"] for event in self._events if event["method"] == method]

    # ---- The page

    def open(self, url):
        """Loads a page, and waits until its script has run."""
        self._events.clear()
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def reload(self):
        self.run("window.isOld = true")
        self.call("Page.reload")
        self.wait("document.readyState === 'complete' && !window.isOld")

    def run(self, script):
        """The value of an expression of JavaScript."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True,
            userGesture=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, script):
        """Waits until an expression is true."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                value = self.run(script)
            except RuntimeError:
                # A page that is loading has no document yet.
                value = None
            if value:
                return value
            if time.monotonic() > deadline:
                raise TimeoutError(script)
            time.sleep(0.05)

    def press(self, *keys):
        """Presses keys one after the other, by the names that events have."""
        for key in keys:
            code = NAMED_KEYS.get(key, ord(key[0].upper()))
            parameters = {"key": key, "windowsVirtualKeyCode": code}
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            self.call(
                "Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown",
                **parameters, **({"text": text} if text else {}),
            )
            self.call("Input.dispatchKeyEvent", type="keyUp", **parameters)

    def click(self, selector):
        """Clicks the middle of an element with the mouse."""
        x, y = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const r = e.getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ["mousePressed", "mouseReleased"]:
            self.call(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )

    def resize(self, width, height, scale=1, mobile=False):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height,
            deviceScaleFactor=scale, mobile=mobile,
        )

    def prefer(self, **features):
        """Sets what a person prefers: `color_scheme="dark"`, `reduced_motion="reduce"`."""
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-" + name.replace("_", "-"), "value": value}
            for name, value in features.items()
        ])

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def downloaded(self, name):
        """The bytes of a download, when it is complete."""
        deadline = time.monotonic() + PATIENCE
        path = self.downloads / name
        while time.monotonic() < deadline:
            ends = self.events("Browser.downloadProgress")
            if path.exists() and any(end["state"] == "completed" for end in ends):
                return path.read_bytes()
            time.sleep(0.05)
        raise TimeoutError(f"no download {name}: {list(self.downloads.iterdir())}")
