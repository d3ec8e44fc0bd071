"""The page as Chromium shows it: light, dark, narrow, printed, and worked by keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from billing_review.formats import render
from tests import chromium
from tests.billing_review.formats.reports import RICH
from tests.chromium import CONTRASTS, Window, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.PROGRAM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
]

TAB, ENTER = ("Tab", 9), ("Enter", 13)


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """The rich report's page, open in one browser for all tests."""
    page = tmp_path_factory.mktemp("page") / "review.html"
    page.write_text(render(RICH, "html"), encoding="utf-8")
    with asyncio.Runner() as runner:
        opening = opened(page.as_uri(), tmp_path_factory.mktemp("profile"))
        tab = runner.run(opening.__aenter__())
        yield Window(runner, tab)
        runner.run(opening.__aexit__(None, None, None))


@pytest.fixture
def page(window: Window) -> Window:
    """The page from its beginning, in a wide and light window."""
    window.look()
    window.evaluate("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
    return window


def test_nothing_is_wrong_and_nothing_is_fetched(page: Window) -> None:
    """No error, no refusal of the page's own policy, and one request: the page."""
    page.evaluate("document.title")
    assert [message["method"] for message in page.heard] == ["Network.requestWillBeSent"]
    assert page.heard[0]["params"]["request"]["url"].endswith("/review.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_text_is_there_and_can_be_told_from_its_ground(page: Window, scheme: str) -> None:
    """In light and in dark, every text has at least the contrast of 4.5 that accessibility guidelines ask for."""
    page.look(scheme=scheme)
    found = page.evaluate(CONTRASTS)
    assert found["dark"] is (scheme == "dark")
    assert "Dearer than before up to 50 seats, cheaper from 51 seats." in found["text"]
    assert "17,001" in found["text"]
    assert found["checked"] > 200
    assert found["weak"] == []


def test_curves_follow_the_scheme(page: Window) -> None:
    """The new curve is drawn in another blue on a dark ground, and the old one stays dashed."""
    stroke = "getComputedStyle(document.querySelector('.curves path.new')).stroke"
    assert page.evaluate(stroke) == "rgb(10, 88, 202)"
    page.look(scheme="dark")
    assert page.evaluate(stroke) == "rgb(108, 176, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.curves path.old')).strokeDasharray") == "6px, 4px"


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_narrow_screen_shows_everything(page: Window, width: int) -> None:
    """Nothing is wider than the screen, with everything unfolded, hostile names and long words included."""
    page.look(width=width)
    assert page.evaluate(_OVERFLOW) == {"page": 0, "wide": []}


def test_the_keyboard_is_enough(page: Window) -> None:
    """The first stop leads past the findings; Enter folds and unfolds an object; the focus can be seen."""
    page.press(*TAB)
    assert page.evaluate("document.activeElement.textContent") == "Skip to what changes"
    page.press(*ENTER)
    for _ in range(200):
        page.press(*TAB)
        if page.evaluate("document.activeElement.closest('details.entry') !== null"):
            break
    assert page.evaluate("document.activeElement.closest('details').id") == "entry-1"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for is_open in (False, True):
        page.press(*ENTER)
        assert page.evaluate("document.activeElement.closest('details').open") is is_open


def test_a_link_of_a_finding_leads_to_its_object(page: Window) -> None:
    """Following it shows the object."""
    page.evaluate("document.querySelector('.findings a').click()")
    assert page.evaluate("location.hash") == "#entry-1"
    assert page.evaluate("Math.abs(document.querySelector(':target').getBoundingClientRect().top) < 50")


def test_printed_pages_have_what_is_folded(page: Window) -> None:
    """A print unfolds everything and is black on white, whatever the screen's scheme is."""
    page.look(scheme="dark", media="print")
    assert page.evaluate(_PRINTED) == {"ground": "rgb(255, 255, 255)", "ink": "rgb(0, 0, 0)", "folded": 0}
    assert page.pdf().startswith(b"%PDF-")


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
