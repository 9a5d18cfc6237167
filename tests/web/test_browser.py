"""The pages in a real browser: Playwright drives the system's Chromium.

    pip install -e '.[browser]' && pytest -m browser

$WATCHWORD_CHROMIUM names a browser that is not found by itself.
"""

import os
import shutil
import threading

import pytest

from tests.retrieval.made import put
from tests.web import made
from watchword.web.app import application

sync_api = pytest.importorskip("playwright.sync_api")
uvicorn = pytest.importorskip("uvicorn")

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("WATCHWORD_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
]


@pytest.fixture(scope="module")
def address(folder):
    """Where the made application is served."""
    from watchword.web.server import address_of, listen

    with listen("127.0.0.1", 0) as listening:
        able = made.abilities(folder, unread=lambda text: text.split()[4:])
        config = uvicorn.Config(application(able), log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=[[listening]])
        thread.start()
        yield address_of(listening)
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def complaints():
    """What the browser complains of; a test takes out what it meant to happen."""
    return []


@pytest.fixture
def visit(browser, address, complaints):
    """Open a page of the application in a new window, and let nothing be asked for from anywhere else."""
    contexts = []

    def open_page(path="", **window):
        contexts.append(browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **window}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith((address, "blob:")) or complaints.append(request.url))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.set_default_timeout(20_000)
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def search(page, text):
    page.fill("#text", text)
    page.press("#text", "Enter")


def said(page, place="#status"):
    return page.locator(place).text_content()


def wait_for(page, place, text):
    sync_api.expect(page.locator(place)).to_contain_text(text)


def focused(page, property="id"):
    return page.evaluate(f"document.activeElement.{property}")


def test_a_search_finds_photos_and_lights_the_place_of_a_word(visit):
    page = visit()
    search(page, "red and blue")
    wait_for(page, "#status", "One photo, the best first.")
    assert page.locator(".hit").count() == 1
    assert page.locator(".hit .box.line").count() == 2
    assert page.locator("#words .word").all_text_contents() == ["red", "blue"]
    page.hover("#words .word >> nth=1")
    assert page.locator(".box.line.on").count() == 1
    assert page.locator(".box.line.on").get_attribute("y") == "0.5"
    assert page.locator(".tag.on").text_content() == "blue"
    page.mouse.move(0, 0)
    assert page.locator(".box.on").count() == 0
    page.click("#words .word >> nth=0")
    page.mouse.move(0, 0)
    assert page.locator(".tag.on").text_content() == "red"
    page.keyboard.press("Escape")
    assert page.locator(".box.on").count() == 0
    assert page.evaluate("document.querySelector('.hit img').naturalWidth") == 16


def test_a_search_that_finds_nothing_says_so_and_shows_the_best_anyway(visit, complaints, folder):
    page = visit()
    page.click("summary")
    page.fill("#folder", str(folder / "sub"))
    search(page, "red")
    wait_for(page, "#status", "Nothing fits: the best photo has a probability of 0 %.")
    assert page.locator(".hit").count() == 0
    page.click("#anyway")
    wait_for(page, "#status", "One photo, the best first, though it hardly fits.")
    assert page.locator(".hit").count() == 1
    assert focused(page, "className") == "hit"
    search(page, "zeppelin")
    wait_for(page, "#status", "holds no word to search for")
    assert "400" in complaints.pop()


def test_what_was_not_read_and_photos_that_changed_are_told(visit, folder):
    page = visit()
    search(page, "red and blue and so on")
    wait_for(page, "#status", "It is too long; these words were not read: “so”, “on”.")
    red = folder / "red.png"
    before, kept = red.read_bytes(), red.stat()
    try:
        red.write_bytes(before + b"more")
        search(page, "red")
        wait_for(page, ".hit:has-text('red.png')", "Changed since it was indexed: this is said of what was there.")
        red.unlink()
        search(page, "red and")
        wait_for(page, ".hit:has-text('red.png')", "Gone since it was indexed, or it cannot be read.")
    finally:
        red.write_bytes(before)
        os.utime(red, ns=(kept.st_atime_ns, kept.st_mtime_ns))


def test_filters_and_the_address_remember_what_was_asked(visit):
    page = visit()
    page.click("summary")
    page.fill("#label", "other")
    search(page, "red")
    wait_for(page, "#status", "No photo is left to search")
    page.fill("#label", "made")
    search(page, "red")
    wait_for(page, "#status", "2 photos")
    page.reload()
    wait_for(page, "#status", "2 photos")
    assert page.input_value("#label") == "made"
    page.go_back()
    wait_for(page, "#status", "No photo is left to search")
    assert page.input_value("#label") == "other"


def test_a_name_full_of_markup_is_text(visit):
    page = visit()
    search(page, "green")
    wait_for(page, "#status", "photo")
    hit = page.locator(".hit", has_text="onerror")
    assert hit.locator(".file").text_content().endswith(made.MARKUP)
    hit.click()
    wait_for(page, "#said", "red")
    assert page.locator("figcaption").text_content().endswith(made.MARKUP)
    assert page.locator("#labels").inner_text().split("\n")[1].startswith("<b>pug</b>")
    page.click("#tab-regions")
    wait_for(page, "#regions", "<i>white</i> part")
    assert page.locator("img").count() == 1
    assert page.locator("i, b").count() == 0


def test_the_keyboard_is_enough(visit):
    page = visit()
    sync_api.expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("red")
    page.keyboard.press("Enter")
    wait_for(page, "#status", "2 photos")
    page.keyboard.press("ArrowDown")
    first = focused(page, "href")
    page.keyboard.press("ArrowRight")
    second = focused(page, "href")
    assert first != second
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Home")
    assert focused(page, "href") == first
    page.keyboard.press("Escape")
    assert focused(page) == "text"
    for _ in range(5):  # button, other photo, filters, the rest, the word
        page.keyboard.press("Tab")
    assert focused(page, "textContent") == "red"
    assert page.locator(".tag.on").count() == 2
    page.keyboard.press("Tab")
    assert focused(page, "href") == first
    page.keyboard.press("Enter")
    wait_for(page, "#said", "thing")
    while focused(page, "textContent") != "A":
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert said(page, "#word") == "“red”: 82 % probable here."
    page.focus("#tab-words")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "tab-regions"
    wait_for(page, "#regions", "A red part.")
    page.keyboard.press("Tab")
    assert page.locator(".box.line.on").get_attribute("width") == "0.5"
    page.keyboard.press("ArrowDown")
    assert page.locator(".tag.on").text_content() == "2"


def test_a_photo_is_handed_in_described_and_aligned(visit, tmp_path):
    page = visit("photo")
    page.set_input_files("#file", put(tmp_path / "<b>mine</b>.png", "red", "green", "blue", "white"))
    wait_for(page, "#said", "A red thing?.")
    assert said(page, "#sure") == "62 % probable to be right throughout; doubtful: thing (14 %)."
    assert page.locator(".doubtful").get_attribute("aria-label") == "thing, 14 % probable, doubtful"
    page.hover("#said .word >> nth=0")
    assert page.locator("canvas.on").count() == 1
    page.hover("#said .word >> nth=2")  # it looked everywhere alike
    assert page.locator("canvas.on").count() == 0
    page.fill("#sentence", "red green white")
    page.press("#sentence", "Enter")
    wait_for(page, "#run", "Not known to the model: white.")
    assert page.locator("#aligned .run").count() == 3
    page.click("#aligned .word >> nth=1")
    assert said(page, "#run").startswith("“green”: top, right, similarity")
    assert page.locator(".box.line.on").get_attribute("x") == "0.5"
    page.focus("#beta")
    page.keyboard.press("End")
    sync_api.expect(page.locator("#aligned .run")).not_to_have_count(3)
    assert not said(page, "#beta-shown").endswith(" 0.000")


def test_what_is_no_photo_is_refused_by_name(visit, complaints, tmp_path):
    page = visit("photo")
    (tmp_path / "notes.jpg").write_text("no picture")
    page.set_input_files("#file", tmp_path / "notes.jpg")
    wait_for(page, "#status", "notes.jpg: This file is not a picture that can be read")
    assert page.is_hidden("#look")
    assert "422" in complaints.pop()  # which the browser notes by itself


def test_a_photo_from_the_index_is_taken(visit):
    page = visit("photo")
    page.click("summary")
    search(page, "blue")
    page.click("#hits .hit >> nth=0")
    wait_for(page, "#said", "red")
    assert "id=" in page.url
    assert focused(page) == "tab-words"


def test_photos_like_one_that_is_dropped(visit, png):
    page = visit()
    page.evaluate(
        """(bytes) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], "mine.png", { type: "image/png" }));
          const event = { dataTransfer: transfer, bubbles: true, cancelable: true };
          for (const name of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(new DragEvent(name, event));
        }""",
        list(png),
    )
    wait_for(page, "#status", "4 photos, those most alike first.")
    assert "100 % alike" in page.locator(".hit").first.text_content()
    page.reload()
    wait_for(page, "#status", "4 photos, those most alike first.")
    page.click("text=Take it away")
    assert page.locator(".hit").count() == 0
    page.go_back()
    wait_for(page, "#status", "4 photos, those most alike first.")


def test_photos_like_one_of_the_index(visit):
    page = visit()
    search(page, "red")
    wait_for(page, "#status", "2 photos")
    name = page.locator(".hit .file").first.text_content()
    page.click(".hit >> nth=0")
    wait_for(page, "#said", "thing")
    page.click("#like")
    wait_for(page, "#status", "3 photos, those most alike first.")
    assert name not in page.locator(".hit .file").all_text_contents()


@pytest.mark.parametrize(
    ("text", "told", "anyway"),
    [
        ("white", "Nothing fits: no word of this says what a photo shows.", "though it hardly fits."),
        ("red and blue", "One photo, the best first.", "some of which hardly fit."),
    ],
)
def test_what_is_shown_anyway_is_told_from_what_fits(visit, text, told, anyway):
    page = visit()
    search(page, text)
    wait_for(page, "#status", told)
    page.click("#anyway")
    wait_for(page, "#status", f"4 photos, the best first, {anyway}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_scrolling_sideways_and_no_hovering(visit, scheme):
    page = visit(
        viewport={"width": 360, "height": 700},
        is_mobile=True,
        has_touch=True,
        color_scheme=scheme,
        device_scale_factor=2,
    )
    wide = "document.documentElement.scrollWidth - innerWidth"
    page.tap("summary")
    page.fill("#text", "red and blue " * 9)
    page.press("#text", "Enter")
    wait_for(page, "#status", "One photo")
    assert page.evaluate(wide) <= 0
    search(page, "green")
    wait_for(page, "#status", "2 photos")
    assert page.evaluate(wide) <= 0
    page.tap("#words .word >> nth=0")
    assert page.locator(".tag.on").count() == 2
    lefts = {hit.bounding_box()["x"] for hit in page.locator(".hit").all()}
    assert len(lefts) == 1
    page.tap(".hit >> nth=0")
    wait_for(page, "#said", "thing")
    page.tap("#said .word >> nth=1")
    assert page.locator("canvas.on").count() == 1
    page.fill("#sentence", "red green white " * 9)
    page.press("#sentence", "Enter")
    wait_for(page, "#aligned", "green")
    sync_api.expect(page.locator("#run")).to_be_in_viewport()
    assert page.evaluate(wide) <= 0
    page.tap("#tab-regions")
    page.tap("#regions button >> nth=1")
    assert page.locator(".tag.on").text_content() == "2"
    assert page.evaluate(wide) <= 0


def test_without_an_index_the_page_says_what_makes_one(visit):
    page = visit()
    missing = {"search": "There is no index; make one with: watchword index FOLDER", "align": "No matcher <b>yet</b>."}
    row = {"version": "0", "model": "made", "photos": None, "missing": missing, "most_bytes": 10}
    page.route("**/api/about", lambda route: route.fulfill(json=row))
    page.reload()
    wait_for(page, "#status", "watchword index FOLDER")
    assert page.is_disabled("#text")
    page.click("nav a >> nth=1")
    wait_for(page, "#align-hint", "No matcher <b>yet</b>.")
    assert page.is_hidden("#pick")
