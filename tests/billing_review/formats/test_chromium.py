"""The page as Chromium shows it: light, dark, narrow, printed, and worked by keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from billing_review.formats import render
from tests.billing_review.formats import chromium
from tests.billing_review.formats.chromium import Tab, opened
from tests.billing_review.formats.reports import RICH

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.PROGRAM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
]

See = Callable[[Callable[[Tab], Awaitable[Any]]], Any]

TAB, ENTER = ("Tab", 9), ("Enter", 13)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """One event loop, and so one browser, for all tests of the page."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def tab(loop: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """The rich report's page, open in a browser."""
    page = tmp_path_factory.mktemp("page") / "review.html"
    page.write_text(render(RICH, "html"), encoding="utf-8")
    opening = opened(page, tmp_path_factory.mktemp("profile"))
    yield loop.run(opening.__aenter__())
    loop.run(opening.__aexit__(None, None, None))


@pytest.fixture
def see(loop: asyncio.Runner, tab: Tab) -> See:
    """Do something with the page, from its beginning, in a wide and light window."""

    def run(act: Callable[[Tab], Awaitable[Any]]) -> Any:
        async def acted() -> Any:
            await tab.look()
            await tab.evaluate("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
            return await act(tab)

        return loop.run(acted())

    return run


def test_nothing_is_wrong_and_nothing_is_fetched(see: See) -> None:
    """No error, no refusal of the page's own policy, and one request: the page."""

    async def act(tab: Tab) -> list[dict[str, Any]]:
        await tab.evaluate("document.title")
        return tab.heard

    heard = see(act)
    assert [message["method"] for message in heard] == ["Network.requestWillBeSent"]
    assert heard[0]["params"]["request"]["url"].endswith("/review.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_text_is_there_and_can_be_told_from_its_ground(see: See, scheme: str) -> None:
    """In light and in dark, every text has at least the contrast of 4.5 that accessibility guidelines ask for."""

    async def act(tab: Tab) -> Any:
        await tab.look(scheme=scheme)
        return await tab.evaluate(_CONTRASTS)

    found = see(act)
    assert found["dark"] is (scheme == "dark")
    assert "Dearer than before up to 50 seats, cheaper from 51 seats." in found["text"]
    assert "17,001" in found["text"]
    assert found["checked"] > 200
    assert found["weak"] == []


def test_curves_follow_the_scheme(see: See) -> None:
    """The new curve is drawn in another blue on a dark ground, and the old one stays dashed."""

    async def act(tab: Tab) -> list[Any]:
        found = []
        for scheme in ("light", "dark"):
            await tab.look(scheme=scheme)
            found.append(await tab.evaluate("getComputedStyle(document.querySelector('.curves path.new')).stroke"))
        dashes = "getComputedStyle(document.querySelector('.curves path.old')).strokeDasharray"
        return [*found, await tab.evaluate(dashes)]

    assert see(act) == ["rgb(10, 88, 202)", "rgb(108, 176, 255)", "6px, 4px"]


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_narrow_screen_shows_everything(see: See, width: int) -> None:
    """Nothing is wider than the screen, with everything unfolded, hostile names and long words included."""

    async def act(tab: Tab) -> Any:
        await tab.look(width=width)
        return await tab.evaluate(_OVERFLOW)

    assert see(act) == {"page": 0, "wide": []}


def test_the_keyboard_is_enough(see: See) -> None:
    """The first stop leads past the findings; Enter folds and unfolds an object; the focus can be seen."""

    async def act(tab: Tab) -> Any:
        await tab.press(*TAB)
        first = await tab.evaluate("document.activeElement.textContent")
        await tab.press(*ENTER)
        while await tab.evaluate("document.activeElement.closest('details.entry') === null"):
            await tab.press(*TAB)
        state = "document.activeElement.closest('details').open"
        outline = await tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        opened = [await tab.evaluate(state)]
        for _ in range(2):
            await tab.press(*ENTER)
            opened.append(await tab.evaluate(state))
        return first, outline, opened

    assert see(act) == ("Skip to what changes", "solid", [True, False, True])


def test_a_link_of_a_finding_leads_to_its_object(see: See) -> None:
    """Following it shows the object, also when it was folded."""

    async def act(tab: Tab) -> Any:
        await tab.evaluate("document.querySelector('#entry-1').open = true")
        await tab.evaluate("document.querySelector('.findings a').click()")
        return await tab.evaluate("[location.hash, document.querySelector(':target').getBoundingClientRect().top < 50]")

    assert see(act) == ["#entry-1", True]


def test_printed_pages_have_what_is_folded(see: See, tmp_path: Path) -> None:
    """A print unfolds everything and is black on white, whatever the screen's scheme is."""

    async def act(tab: Tab) -> Any:
        await tab.look(scheme="dark")
        await tab.send("Emulation.setEmulatedMedia", media="print")
        printed = await tab.evaluate(_PRINTED)
        pages = await tab.pdf()
        await tab.send("Emulation.setEmulatedMedia", media="")
        return printed, pages

    printed, pages = see(act)
    assert printed == {"ground": "rgb(255, 255, 255)", "ink": "rgb(0, 0, 0)", "folded": 0}
    assert pages.startswith(b"%PDF-")


_CONTRASTS = """(() => {
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
_OVERFLOW = """(() => {
  const folded = [...document.querySelectorAll('details:not([open])')];
  folded.forEach(one => one.open = true);
  const edge = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll('main *, header *')]
    .filter(one => one.checkVisibility() && !one.closest('.prices thead') && !one.closest('.skip'))
    .filter(one => one.getBoundingClientRect().right > edge + 0.5).map(one => one.outerHTML.slice(0, 60));
  const found = {page: document.documentElement.scrollWidth - edge, wide};
  folded.forEach(one => one.open = false);
  return found;
})()"""
_PRINTED = """(() => {
  const body = getComputedStyle(document.body);
  const folded = [...document.querySelectorAll('details td')].filter(one => one.getClientRects().length
    && !one.checkVisibility({contentVisibilityAuto: true})).length;
  return {ground: body.backgroundColor, ink: body.color, folded};
})()"""
