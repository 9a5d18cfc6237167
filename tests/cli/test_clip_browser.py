"""The page of clips in a real browser, opened from the disk. How browsers are found: tests/web/test_browser.py."""

import os
import shutil
import time

import numpy as np
import pytest

from tests.runtime.tiny_clip import write_clip
from watchword.cli.clip_page import ClipCards
from watchword.cli.page import page
from watchword.core.types import Sentence
from watchword.runtime.segments import Segment

sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("av")

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("WATCHWORD_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
]


def segment(start, end, text):
    picture = np.full((8, 8, 3), 120, np.uint8)
    return Segment(start, end, Sentence(text, tuple(text.split()), (), 0.5), start, 0.5, "walk", 0.9, picture)


def until(shown, expression):
    """Wait until an expression holds; the page's own rules keep Playwright's way of waiting out."""
    end = time.monotonic() + 20
    while not shown.evaluate(expression):
        assert time.monotonic() < end, expression
        time.sleep(0.05)


@pytest.fixture
def opened(tmp_path):
    """The page of one clip of six seconds, opened; complaints of the browser end the test."""
    clip = write_clip(tmp_path / "clips" / "a #1 50%.webm", [("red", 3), ("blue", 3)], codec="libvpx")
    with (
        page(tmp_path / "page.html", "tiny", None, 4, photos=False, clips=True) as cards,
        ClipCards(cards.file, tmp_path / "page.html").clip(str(clip)) as put,
    ):
        put(segment(0.0, 3.0, "a red picture"))
        put(segment(3.0, 6.0, "a blue picture"))
    complaints = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = browser.new_page()
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("console", lambda said: complaints.append(said.text))
        shown.goto((tmp_path / "page.html").as_uri())
        until(shown, "document.querySelector('video').readyState >= 2")
        yield shown
        browser.close()
    assert complaints == []


def test_sentences_lead_to_their_place_by_keyboard_alone(opened):
    opened.locator("video").evaluate("video => video.muted = true")
    opened.locator(".moment").first.focus()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowDown")
    assert "A blue picture." in opened.evaluate("document.activeElement.textContent")
    opened.keyboard.press("Enter")
    until(opened, "document.querySelector('video').currentTime >= 3")
    until(opened, "document.querySelector('.sure').textContent === 'A blue picture.'")
    assert opened.locator(".moment.now").count() == opened.locator(".line .now").count() == 1
    opened.keyboard.press("Escape")
    assert opened.locator(".moment.now").count() == 1


def test_the_line_has_a_part_for_each_segment_and_the_player_its_captions(opened):
    parts = opened.locator(".line button")
    assert parts.evaluate_all("parts => parts.map(part => [part.style.left, part.style.width])") == [
        ["0%", "50%"],
        ["50%", "50%"],
    ]
    parts.nth(1).click()
    until(opened, "document.querySelector('video').currentTime >= 3")
    assert opened.evaluate("document.querySelector('video').textTracks[0].cues.length") == 2
