"""Pictures and PDFs in a real browser: sent, inserted, published, read; also without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, expect

from indexer.library import Library
from indexer.values import Key
from kb.app import create_app
from kb.services import editing
from kb.services.attaching import Upload, attach
from kb.services.desk import Desk
from kb.services.reconcile import start
from kb.settings import Settings
from tests import factories
from tests import uploads as up
from tests.browser.conftest import OpenTab, Trouble
from tests.browser.sites import served
from tests.browser.test_axe import ALL, LOOKS, axe, violations
from tests.browser.test_editor import MORE, fill, new_case, sign_in
from tests.browser.test_journey import tick_what_must_be
from tests.people import add_person, database_of

pytestmark = pytest.mark.browser
PHOTO = FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=up.jpeg(2000, 1500))
PAPER = FilePayload(name="report.pdf", mimeType="application/pdf", buffer=up.pdf(pages=3))
SVG = FilePayload(name="x.svg", mimeType="image/svg+xml", buffer=up.SVG)
NURSES = "Two nurses at a radio"
#: Gives a file to the box of the text as the mouse or the keyboard would.
HAND_OVER = """([box, event, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "dropped.png", {type: "image/png"}));
  const how = {bubbles: true, cancelable: true};
  const made = event === "paste" ? new ClipboardEvent("paste", {clipboardData: data, ...how})
    : new DragEvent("drop", {dataTransfer: data, ...how});
  document.querySelector(box).dispatchEvent(made);
  return made.defaultPrevented;
}"""


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    root = factories.library_folder(tmp_path_factory.mktemp("pictures"))
    regions = root / "vocabularies" / "regions.yaml"
    regions.write_text(regions.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    folder = tmp_path_factory.mktemp("pictures-data")
    settings = Settings(content=root, var=folder / "var", data=folder / "data", max_upload_kb=1000)
    library = Library.open(settings.content, settings.var)
    app = create_app(settings, library)
    found = Desk(database_of(app), library, settings)
    start(found)
    ama = add_person(found.database, "contributor", "Ama")
    add_person(found.database, "editor", "Efua")
    attach(found, ama, Upload("map.png", up.png(900, 600), "A map of the coast", "The coast, 2019"))
    attach(found, ama, Upload("r.pdf", up.pdf(), "The yearly report of the programme"))
    app.extensions["sankofa.desk"] = found
    yield app
    found.database.close()


@pytest.fixture(scope="module")
def address(desk: Flask) -> Iterator[str]:
    with served(desk) as found:
        yield found


def choose(page: Page, file: FilePayload, alt: str, caption: str = "") -> None:
    """Fill in the form that sends a file."""
    page.locator(".giving [name=file]").set_input_files(file)
    page.locator(".giving [name=alt]").fill(alt)
    page.locator(".giving [name=caption]").fill(caption)


def published(tab: OpenTab, address: str, url: str) -> None:
    """Let an editor look at the draft that is written at an address, and publish it."""
    page = tab()
    sign_in(page, address, "editor")
    page.goto(url.removesuffix("/edit") + "/review")
    image = page.get_by_role("img", name=NURSES).first
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 0
    tick_what_must_be(page)
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url(re.compile("/cases/"))


def read(tab: OpenTab, url: str, script: bool) -> None:
    """See as a reader that the pictures are there and look right."""
    page = tab(java_script_enabled=script)
    page.goto(url)
    figure = page.locator(".prose figure", has_text="Aného, 2003")
    image = figure.get_by_role("img", name=NURSES)
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    expect(figure.locator("figcaption")).to_have_text("Aného, 2003")
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        image.scroll_into_view_if_needed()
        box = image.bounding_box()
        assert box is not None
        assert box["width"] <= width
        assert abs(box["width"] / box["height"] - 4 / 3) < 0.02
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(
        page.get_by_role("link", name=re.compile(r"The final report \(PDF, \d+ KB\)"))
    ).to_be_visible()
    source = image.get_attribute("src")
    assert source is not None
    assert source.startswith("/media/")
    answer = page.request.get(page.url.split("/cases/")[0] + source)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    if script:
        assert page.evaluate(
            "[...document.querySelectorAll('.prose img')].every(one => one.naturalWidth > 0)"
        )


def test_with_script_a_picture_is_sent_inserted_published_and_read(
    tab: OpenTab, address: str, desk: Flask
) -> None:
    page = tab()
    sign_in(page, address)
    url = new_case(page, address, "Nurses who ask by radio")
    fill(page)
    body = page.locator("#f-body")
    body.focus()
    page.keyboard.press("Control+End")
    page.get_by_role("link", name="Insert a picture or a PDF").click()
    dialog = page.locator("dialog.files")
    expect(dialog).to_be_visible()
    choose(page, PHOTO, NURSES, "Aného, 2003")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    line = rf'!\[{NURSES}\]\(media/[0-9a-f]{{32}}-1600x1200\.webp "Aného, 2003"\)'
    expect(body).to_have_value(re.compile(rf"needed \[1\]\.\n\n{line}\n\n$"))
    expect(body).to_be_focused()
    page.get_by_role("link", name="Insert a picture or a PDF").click()
    choose(page, PAPER, "The final report")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    expect(body).to_have_value(
        re.compile(r"\n\n\[The final report\]\(media/[0-9a-f]{32}-\dkb\.pdf\)$")
    )
    page.get_by_text("How it will look").click()
    image = page.locator("#preview img")
    expect(image).to_be_visible()
    assert "/attachments/" in str(image.get_attribute("src"))
    image.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#preview img').naturalWidth > 0")
    page.get_by_role("button", name="Save and close").click()
    page.wait_for_url(lambda found: not found.endswith("/edit"))
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("It waits for somebody to check it")).to_be_visible()
    published(tab, address, url)
    read(tab, f"{address}/cases/nurses-who-ask-by-radio", True)


def test_without_script_the_same(tab: OpenTab, address: str) -> None:
    page = tab(java_script_enabled=False)
    sign_in(page, address)
    url = new_case(page, address, "Nurses without script")
    fill(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Insert a picture or a PDF").click()
    other = opened.value
    lines = []
    for file, alt, caption in ((PHOTO, NURSES, "Aného, 2003"), (PAPER, "The final report", "")):
        choose(other, file, alt, caption)
        other.get_by_role("button", name="Send").click()
        other.wait_for_url("**/attachments?added=*")
        lines.append(other.locator("#added .line").input_value())
    assert lines[0].startswith(f"![{NURSES}](media/")
    body = page.locator("#f-body")
    body.fill(body.input_value() + "\n" + "\n\n".join(lines) + "\n")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview").get_by_role("img", name=NURSES)).to_be_visible()
    page.get_by_role("button", name="Save and close").click()
    page.get_by_role("button", name="Submit").click()
    published(tab, address, url)
    read(tab, f"{address}/cases/nurses-without-script", False)


def test_one_that_is_here_is_found_by_words_and_inserted_where_the_cursor_was(
    tab: OpenTab, address: str
) -> None:
    page = tab()
    sign_in(page, address)
    new_case(page, address, "Coasts and their maps")
    body = page.locator("#f-body")
    body.fill("First.\n\nLast.")
    body.evaluate("box => { box.focus(); box.setSelectionRange(6, 6); }")
    page.get_by_role("link", name="Insert a picture or a PDF").click()
    dialog = page.locator("dialog.files")
    dialog.get_by_label("Words that describe it").fill("yearly report")
    dialog.get_by_role("button", name="Find").click()
    expect(dialog.locator(".shelf > li")).to_have_count(1)
    dialog.get_by_label("Words that describe it").fill("coast")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name=re.compile("Insert.*A map of the coast")).click()
    expect(body).to_have_value(
        re.compile(r'^First\.\n\n!\[A map of the coast\]\(media/\S+ "The coast, 2019"\)\n\nLast\.$')
    )
    expect(page.locator("#saved")).to_contain_text("Saved", timeout=15_000)


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted_and_asks_for_its_words(
    tab: OpenTab, address: str, event: str
) -> None:
    page = tab()
    sign_in(page, address)
    new_case(page, address, f"A picture by {event}")
    body = page.locator("#f-body")
    body.fill("What was typed before.")
    handed = page.evaluate(HAND_OVER, ["#f-body", event, list(up.png(300, 200 + len(event)))])
    assert handed
    dialog = page.locator("dialog.files")
    expect(dialog.locator("[name=alt]")).to_be_focused()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_visible()  # the browser asks for the words first
    dialog.locator("[name=alt]").fill("A well")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(body).to_have_value(re.compile(r"^What was typed before\.\n\n!\[A well\]\(media/"))


def test_what_goes_wrong_is_told_beside_the_field_and_nothing_typed_is_lost(
    tab: OpenTab, trouble: Trouble, address: str
) -> None:
    page = tab()
    sign_in(page, address)
    new_case(page, address, "What goes wrong with pictures")
    body = page.locator("#f-body")
    body.fill("Typed for an hour.")
    page.get_by_role("link", name="Insert a picture or a PDF").click()
    dialog = page.locator("dialog.files")
    send = dialog.get_by_role("button", name="Send")
    choose(page, SVG, NURSES, "Where and when")
    send.click()
    expect(dialog.locator("#given-file-error")).to_contain_text("SVG drawing")
    expect(dialog.locator("[name=file]")).to_be_focused()
    expect(dialog.locator("[name=alt]")).to_have_value(NURSES)
    choose(page, PHOTO, "IMG_0001", "Where and when")
    send.click()
    expect(dialog.locator("#given-alt-error")).to_contain_text("Say what it shows")
    expect(dialog.locator("#given-file-error")).to_be_hidden()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    choose(page, FilePayload(name="a.png", mimeType="image/png", buffer=bytes(2_000_000)), NURSES)
    expect(dialog.locator("#given-file-error")).to_contain_text("too large: at most 1000 KB")
    send.click()
    assert "POST" not in sent
    choose(page, PHOTO, NURSES)
    page.route("**/attachments", lambda route: route.abort("internetdisconnected"))
    send.click()
    expect(dialog.locator("[data-fault='']")).to_contain_text("Look at the line")
    page.unroute("**/attachments")
    trouble.seen[:] = [one for one in trouble.seen if "ERR_INTERNET_DISCONNECTED" not in one]
    page.context.clear_cookies()
    send.click()
    expect(dialog.locator("[data-fault='']")).to_contain_text("You are signed out")
    expect(dialog.locator("[name=alt]")).to_have_value(NURSES)
    dialog.get_by_role("button", name="Close").click()
    expect(body).to_have_value("Typed for an hour.")


def test_in_the_whole_text_a_line_goes_to_the_end_where_nobody_has_clicked_yet(
    tab: OpenTab, address: str
) -> None:
    page = tab()
    sign_in(page, address)
    url = new_case(page, address, "The whole text of a picture")
    page.goto(url.removesuffix("edit") + "raw")
    page.get_by_role("link", name="Insert a picture or a PDF").click()
    page.locator("dialog.files").get_by_role(
        "button", name=re.compile("Insert.*A map of the coast")
    ).click()
    expect(page.locator("#f-raw")).to_have_value(
        re.compile(r"^---\n.*\n---\n.*!\[A map", re.DOTALL)
    )


def test_a_line_is_copied_and_what_is_in_use_is_not_removed(
    tab: OpenTab, address: str, desk: Flask
) -> None:
    found: Desk = desk.extensions["sankofa.desk"]
    page = tab(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, address)
    page.goto(f"{address}/attachments?q=coast")
    row = page.locator(".shelf > li").first
    row.get_by_role("button", name="Copy").click()
    expect(row.get_by_role("button", name="Copied")).to_be_visible()
    line = page.evaluate("navigator.clipboard.readText()")
    assert line == row.locator(".line").input_value()
    with found.database.reading() as connection:
        from kb.records import people

        account = people.account_of(connection, "contributor@example.org")
    assert account is not None
    from kb.access import Person

    ama = Person(account.id, account.name, "", account.role)
    draft = editing.begin(found, ama, Key("case", "crop-prices"))
    editing.save(found, ama, draft.token, f"{draft.text}\n{line}\n", draft.hash)
    row.get_by_role("button", name="Remove").click()
    alert = page.get_by_role("alert")
    expect(alert.first).to_contain_text("It cannot be removed")
    expect(page.get_by_role("link", name="Crop prices by text message in Uganda")).to_be_visible()


def look(page: Page, options: dict[str, object]) -> list[str]:
    found = []
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found += [f"{width} {scheme} {one}" for one in violations(page, options)]
            options = LOOKS
    return found


def test_axe_finds_nothing_among_the_pictures(tab: OpenTab, address: str, desk: Flask) -> None:
    page = tab()
    sign_in(page, address)
    paths: dict[str, Any] = {"/attachments": None, "/attachments?q=nothing+of+this+kind": None}
    for path in paths:
        page.goto(address + path)
        page.evaluate(axe.axe_script)
        assert look(page, ALL) == [], path
    choose(page, SVG, "IMG_1")
    page.locator(".giving .main").click()
    expect(page.locator("#given-alt-error")).to_be_visible()
    page.evaluate(axe.axe_script)
    assert look(page, ALL) == []
    choose(page, PAPER, "Another report")
    page.locator(".giving .main").click()
    page.wait_for_url("**/attachments?added=*")
    page.evaluate(axe.axe_script)
    assert look(page, ALL) == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    new_case(page, address, "A picture for axe")
    page.get_by_role("link", name="Insert a picture or a PDF").click()
    expect(page.locator("dialog .shelf")).to_be_visible()
    page.evaluate(axe.axe_script)
    assert look(page, ALL) == []


def test_nothing_of_a_picture_is_kept_where_it_is_refused(desk: Flask) -> None:
    found: Desk = desk.extensions["sankofa.desk"]
    folder = Path(found.settings.data) / "attachments"
    assert all(re.fullmatch(r"[0-9a-f]{64}(\.\d+)?", path.name) for path in folder.iterdir())
