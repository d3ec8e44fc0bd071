"""A page opened in Chromium, over its DevTools protocol. https://chromedevtools.github.io/devtools-protocol/"""

from __future__ import annotations

import asyncio
import base64
import itertools
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0")
_TROUBLE = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Network.requestWillBeSent")


class Tab:
    """One page in the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._session: dict[str, str] = {}
        self.heard: list[dict[str, Any]] = []
        """Exceptions, console messages, refusals of the page's policy, and every request."""

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method, and wait for what it answers."""
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": params, **self._session})
        return await self._until(lambda message: message.get("id") == number)

    async def open(self, url: str) -> None:
        """Open an address in a new tab, and wait until it is loaded."""
        made = await self.send("Target.createTarget", url="about:blank")
        attached = await self.send("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.send(f"{domain}.enable")
        await self.go(url)

    async def go(self, url: str) -> None:
        """Go to an address in this tab, and wait until it is loaded."""
        await self.send("Page.navigate", url=url)
        await self._loaded()

    async def follow(self, expression: str) -> None:
        """Do in the page what leads to another page, and wait until that is loaded."""
        await self.evaluate(expression)
        await self._loaded()

    async def _loaded(self) -> None:
        await self._until(lambda message: message.get("method") == "Page.loadEventFired")

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page; of a promise, what it was kept with."""
        found = await self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    async def look(self, *, width: int = 1000, height: int = 800, scheme: str = "light", media: str = "") -> None:
        """Make the window so large, the reader's preference light or dark, and the medium the screen or paper."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.send("Emulation.setDeviceMetricsOverride", **size)
        preference = {"name": "prefers-color-scheme", "value": scheme}
        await self.send("Emulation.setEmulatedMedia", media=media, features=[preference])

    async def press(self, key: str, code: int) -> None:
        """Press a key, and let it go."""
        text = {"Enter": "\r", " ": " "}.get(key, "")
        named = {"key": key, "windowsVirtualKeyCode": code}
        await self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **named)
        await self.send("Input.dispatchKeyEvent", type="keyUp", **named)

    async def press_through(self, key: str, code: int) -> None:
        """Press a key that leads to another page, and wait until that is loaded."""
        await self.press(key, code)
        await self._loaded()

    async def screenshot(self, clip: dict[str, float] | None = None) -> bytes:
        """A picture (PNG) of the page, or of a part of it, also below the window's edge."""
        area = {"clip": {"scale": 1, **clip}} if clip else {}
        return base64.b64decode((await self.send("Page.captureScreenshot", captureBeyondViewport=True, **area))["data"])

    async def pdf(self) -> bytes:
        """The page, printed."""
        return base64.b64decode((await self.send("Page.printToPDF", preferCSSPageSize=True))["data"])

    async def _until(self, is_it: Any) -> dict[str, Any]:
        async for message in self._socket:
            found = message.json()
            if found.get("method") in _TROUBLE:
                self.heard.append(found)
            if is_it(found):
                assert "error" not in found, found["error"]
                result: dict[str, Any] = found.get("result", found)
                return result
        raise ConnectionError("Chromium ended")


@asynccontextmanager
async def opened(url: str, profile: Path) -> AsyncIterator[Tab]:
    """A tab with the page in it; the browser ends with the block."""
    assert PROGRAM is not None
    browser = await asyncio.create_subprocess_exec(
        PROGRAM,
        *_FLAGS,
        f"--user-data-dir={profile}",
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with (
            aiohttp.ClientSession() as client,
            client.ws_connect(await _address(browser), max_msg_size=0) as socket,
        ):
            tab = Tab(socket)
            await tab.open(url)
            yield tab
    finally:
        if browser.returncode is None:
            browser.terminate()
        await browser.communicate()


class Window:
    """The same tab for tests that do one thing after the other."""

    def __init__(self, runner: asyncio.Runner, tab: Tab) -> None:
        self._runner, self._tab = runner, tab

    @property
    def heard(self) -> list[dict[str, Any]]:
        """Exceptions, console messages, refusals of the page's policy, and every request."""
        return self._tab.heard

    def look(self, *, width: int = 1000, scheme: str = "light", media: str = "") -> None:
        """Make the window so wide, the reader's preference light or dark, and the medium the screen or paper."""
        self._runner.run(self._tab.look(width=width, scheme=scheme, media=media))

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page."""
        return self._runner.run(self._tab.evaluate(expression))

    def press(self, key: str, code: int) -> None:
        """Press a key, and let it go."""
        self._runner.run(self._tab.press(key, code))

    def go(self, url: str) -> None:
        """Go to an address, and wait until the page is loaded."""
        self._runner.run(self._tab.go(url))

    def follow(self, expression: str) -> None:
        """Do in the page what leads to another page, and wait until that is loaded."""
        self._runner.run(self._tab.follow(expression))

    def screenshot(self, clip: dict[str, float] | None = None) -> bytes:
        """A picture (PNG) of the page."""
        return self._runner.run(self._tab.screenshot(clip))

    def press_through(self, key: str, code: int) -> None:
        """Press a key that leads to another page, and wait until that is loaded."""
        self._runner.run(self._tab.press_through(key, code))

    def pdf(self) -> bytes:
        """The page, printed."""
        return self._runner.run(self._tab.pdf())


class Person:
    """Types and clicks by what can be read."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def go(self, url: str) -> None:
        """Go to an address."""
        self.window.go(url)

    def fill(self, **fields: str) -> None:
        """Type into the fields with these ids, with - for _, or else with these names."""
        for name, value in fields.items():
            found = f"document.getElementById({name.replace('_', '-')!r}) || document.getElementsByName({name!r})[0]"
            self.window.evaluate(f"({found}).value = {value!r}")

    def click(self, text: str) -> None:
        """Press the button, or follow the link, on which this stands, and wait for the page it leads to."""
        self.window.follow(
            f"[...document.querySelectorAll('button, a')].find(one => one.checkVisibility() && "
            f"!one.classList.contains('first') && (one.ariaLabel || one.innerText).trim() === {text!r}).click()"
        )

    @property
    def text(self) -> str:
        """What can be read."""
        return " ".join(str(self.window.evaluate("document.body.innerText")).split())

    @property
    def trouble(self) -> list[Any]:
        """Errors, refusals of the page's own policy, and requests that went elsewhere."""
        asked = self.window.evaluate("location.host")
        return [one for one in self.window.heard if asked not in one["params"].get("request", {}).get("url", "")]


async def _address(browser: asyncio.subprocess.Process) -> str:
    assert browser.stderr is not None
    async for line in browser.stderr:
        if found := re.search(rb"DevTools listening on (ws://\S+)", line):
            return found[1].decode()
    raise ConnectionError("Chromium said no address")


CONTRASTS = """(() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(part => part / 255)
    .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const found = numbers(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
  };
  const weak = []; let checked = 0;
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || ['title', 'desc'].includes(element.localName)) continue;
    const style = getComputedStyle(element);
    const ink = numbers(element.closest('svg') ? style.fill : style.color);
    const [one, two] = [luminance(ink), luminance(ground(element))].sort((a, b) => b - a);
    checked += 1;
    if ((one + 0.05) / (two + 0.05) < 4.5) weak.push(element.textContent.slice(0, 40));
  }
  return {dark: matchMedia('(prefers-color-scheme: dark)').matches, text: document.body.innerText, checked, weak};
})()"""
"""How many texts were checked, and which cannot be told from their ground: in contrast less than 4.5 to 1."""
