"""Names that are safe, and files that are read and written whole."""

from __future__ import annotations

import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Key
from indexer.errors import BadSlug, NoSuchDocument, StaleFile
from indexer.store import RESERVED, Store, check_slug, slugify
from indexer.values import MAX_SLUG, revision_of
from tests.factories import case_text, content_folder

KEY = Key("case", "cash-by-phone")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(content_folder(tmp_path / "content", {"cash-by-phone": case_text()}))


@pytest.mark.parametrize("slug", ["a", "0", "m-pesa-kenya", "a" * MAX_SLUG])
def test_a_slug_is_made_of_small_letters_digits_and_single_hyphens(slug: str) -> None:
    assert check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "-",
        "a-",
        "-a",
        "a--b",
        "A",
        "é",
        "a b",
        "a/b",
        "..",
        "a.b",
        "a\n",
        "a\0",
        "a" * 81,
        "new",
    ],
)
def test_other_slugs_are_refused(slug: str) -> None:
    with pytest.raises(BadSlug):
        check_slug(slug)


def test_words_of_the_addresses_and_of_windows_are_reserved() -> None:
    assert {"index", "new", "edit", "history", "search", "con", "lpt1"} <= RESERVED
    assert not {"about", "contact", "privacy", "licence", "accessibility"} & RESERVED


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("M-Pesa: money by text message in Kenya", "m-pesa-money-by-text-message-in-kenya"),
        ("Ñandú & Čapek’s Über-Straße", "nandu-capeks-uber-strasse"),
        ("Цифровая Украина", "tsifrovaya-ukraina"),
        ("普惠金融", "puhuijinrong"),
        ("الصحة", "lshh"),
        ("R&D, e-Gov & 5G", "r-d-e-gov-5g"),
        ("!!!", "untitled"),
        ("", "untitled"),
        ("New", "new-1"),
        ("word " * 40, "-".join(["word"] * 16)),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_slug_is_made_of_any_title(title: str, slug: str) -> None:
    assert slugify(title) == slug


@given(st.text())
def test_every_title_has_a_valid_slug(title: str) -> None:
    assert check_slug(slugify(title))


@given(st.text())
def test_a_slug_made_of_a_slug_is_itself(title: str) -> None:
    assert slugify(slugify(title)) == slugify(title)


def test_documents_are_listed_by_key(store: Store) -> None:
    store.write(Key("case", "cash-by-phone", "fr"), "x", None)
    store.write(Key("case", "another", "zh-Hans"), "x", None)
    store.write(Key("page", "about"), "x", None)
    assert store.keys("case") == [
        Key("case", "another", "zh-Hans"), KEY, Key("case", "cash-by-phone", "fr"),
    ]  # fmt: skip
    assert store.keys() == [*store.keys("case"), Key("page", "about")]


def test_foreign_files_and_links_are_not_listed(store: Store) -> None:
    cases = store.root / "cases"
    for name in (
        "README.MD",
        "Bad Name.md",
        "a.md.bak",
        ".hidden.md",
        "a..md",
        "a.x y.md",
        "new.md",
    ):
        (cases / name).write_text("x")
    (cases / "folder.md").mkdir()
    (cases / "link.md").symlink_to(cases / "cash-by-phone.md")
    assert store.keys() == [KEY]


def test_a_library_without_folders_is_empty(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.keys() == []
    assert store.vocabularies().names
    with pytest.raises(NoSuchDocument):
        store.read(KEY)


@pytest.mark.parametrize("text", ["a\r\nb\rc\n\nd", "\ufeffx", "", "no newline", "\udce9 byte"])
def test_what_is_written_is_read_byte_for_byte(store: Store, text: str) -> None:
    key = Key("page", "about")
    store.write(key, text, None)
    assert store.read(key) == text
    assert store.path(key).read_bytes() == text.encode("utf-8", "surrogateescape")
    assert revision_of(store.read(key)) == revision_of(text)


@pytest.mark.parametrize(
    "key",
    [
        Key("case", "../x"), Key("case", "a/b"), Key("case", ".."), Key("case", ""),
        Key("case", "A"),
        Key("case", "a", "../../x"), Key("case", "a", "f r"), Key("case", "a", "x/y"),
        Key("case", "a", "fr.md"), Key("case", "a", "FR"), Key("draft", "a"), Key("", "a"),
    ],
)  # fmt: skip
def test_no_key_leads_out_of_the_folder(store: Store, key: Key) -> None:
    with pytest.raises(BadSlug):
        store.path(key)
    with pytest.raises(BadSlug):
        store.write(key, "x", None)
    with pytest.raises(NoSuchDocument):
        store.read(key)


def test_a_link_is_neither_read_nor_written(store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    (store.root / "cases" / "link.md").symlink_to(secret)
    with pytest.raises(NoSuchDocument):
        store.read(Key("case", "link"))
    with pytest.raises(BadSlug):
        store.write(Key("case", "link"), "x", revision_of("secret"))
    assert secret.read_text() == "secret"


def test_a_folder_that_is_a_link_is_not_followed(store: Store, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.md").write_text("x")
    (store.root / "packs").rmdir()
    (store.root / "packs").symlink_to(elsewhere)
    assert store.keys("pack") == []
    with pytest.raises(NoSuchDocument):
        store.read(Key("pack", "a"))


def test_a_write_replaces_what_the_writer_had_read(store: Store) -> None:
    store.write(KEY, "new", revision_of(case_text()))
    assert store.read(KEY) == "new"


@pytest.mark.parametrize("base", [None, "000000000000"])
def test_a_write_never_covers_someone_else_s(store: Store, base: str | None) -> None:
    with pytest.raises(StaleFile):
        store.write(KEY, "mine", base)
    assert store.read(KEY) == case_text()


def test_a_write_over_a_file_that_is_gone_is_stale(store: Store) -> None:
    store.remove(KEY, revision_of(case_text()))
    with pytest.raises(StaleFile):
        store.write(KEY, "mine", revision_of(case_text()))
    assert store.keys() == []


def test_a_removal_needs_the_revision_too(store: Store) -> None:
    with pytest.raises(StaleFile):
        store.remove(KEY, "000000000000")
    assert store.read(KEY) == case_text()


def test_of_writers_with_the_same_base_one_wins_and_the_others_are_told(store: Store) -> None:
    base, outcomes = revision_of(case_text()), []

    def write(number: int) -> None:
        try:
            store.write(KEY, f"text {number}", base)
            outcomes.append(number)
        except StaleFile:
            outcomes.append(-1)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [number for number in outcomes if number >= 0]
    assert len(outcomes) == 8
    assert store.read(KEY) == f"text {winner}"


def test_a_failed_write_leaves_the_old_file_and_no_rest(store: Store) -> None:
    store.path(KEY).chmod(0o640)
    before = sorted(path.name for path in (store.root / "cases").iterdir())
    with pytest.raises(BadSlug):
        store.write(Key("case", "new"), "x", None)
    with pytest.raises(StaleFile):
        store.write(KEY, "x", None)
    assert sorted(path.name for path in (store.root / "cases").iterdir()) == before


def test_a_written_file_keeps_its_mode_and_a_new_one_can_be_read_by_all(store: Store) -> None:
    store.path(KEY).chmod(0o640)
    store.write(KEY, "x", revision_of(case_text()))
    store.write(Key("page", "about"), "x", None)
    assert store.path(KEY).stat().st_mode & 0o777 == 0o640
    assert store.path(Key("page", "about")).stat().st_mode & 0o777 == 0o644


def test_a_stamp_tells_that_a_file_has_changed(store: Store) -> None:
    before = store.stamps()[KEY]
    assert before[1] == len(case_text().encode())
    store.write(KEY, "longer " * 1000, revision_of(case_text()))
    assert store.stamps()[KEY] != before


def test_the_vocabularies_come_from_their_folder(store: Store) -> None:
    assert "e-health" in store.vocabularies().themes
    (store.root / "vocabularies" / "crops.yaml").symlink_to("/etc/passwd")
    assert "crops" not in store.vocabularies().names


def test_what_a_write_that_was_cut_short_left_behind_is_swept_away(store: Store) -> None:
    left = store.root / "cases" / ".cash-by-phone.md.k3x9.tmp"
    left.write_text("half a te")
    hidden = store.root / "cases" / ".hidden.md"
    hidden.write_text("not ours")
    (store.root / "packs").rmdir()
    (store.root / "packs").symlink_to(store.root / "cases")
    assert store.sweep() == [left]
    assert not left.exists()
    assert hidden.exists()
    assert store.read(KEY) == case_text()


# What packs keep ----------------------------------------------------------------------------


@given(st.text(max_size=50))
def test_a_text_that_a_pack_keeps_comes_back(text: str) -> None:
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        path = store.add_pinned("a-pack", text)
        assert path is not None and path.name == f"{revision_of(text)}.md"
        assert store.add_pinned("a-pack", text) is None
        assert revision_of(store.pinned("a-pack", revision_of(text))) == revision_of(text)
        assert store.packs_with_pinned() == ["a-pack"]
        assert store.pinned_names("a-pack") == {revision_of(text)}
        assert store.remove_pinned("a-pack", revision_of(text)) == path
        assert store.remove_pinned("a-pack", revision_of(text)) is None
        assert store.packs_with_pinned() == []
        assert not (Path(folder) / "packs" / "a-pack").exists()


def test_kept_texts_have_no_other_names(store: Store) -> None:
    for slug, revision in (("a", "../../cases"), ("..", "0" * 12), ("a", "0" * 11), ("new", "")):
        with pytest.raises(BadSlug):
            store.pinned_path(slug, revision)
        with pytest.raises(NoSuchDocument):
            store.pinned(slug, revision)
    assert store.pinned_names("..") == set()


def test_links_to_kept_texts_are_not_followed(store: Store) -> None:
    outside = store.root.parent / "outside"
    outside.mkdir()
    text = case_text()
    (outside / f"{revision_of(text)}.md").write_text(text, encoding="utf-8")
    (store.root / "packs" / "a").mkdir()
    (store.root / "packs" / "a" / "pinned").symlink_to(outside)
    with pytest.raises(NoSuchDocument):
        store.pinned("a", revision_of(text))
    assert store.pinned_names("a") == set()
    assert store.packs_with_pinned() == []
    assert store.sweep() == []


def test_a_kept_text_is_what_its_name_says_or_is_none(store: Store) -> None:
    path = store.add_pinned("a", case_text())
    assert path is not None
    path.write_text("another", encoding="utf-8")
    with pytest.raises(NoSuchDocument):
        store.pinned("a", path.stem)
    assert store.add_pinned("a", case_text()) == path
    assert store.pinned("a", path.stem) == case_text()


def test_what_a_write_left_behind_beside_a_pack_is_swept(store: Store) -> None:
    path = store.add_pinned("a", case_text())
    assert path is not None
    left = path.with_name(f".{path.name}.abc.tmp")
    left.write_text("half", encoding="utf-8")
    assert store.sweep() == [left]
    assert store.pinned_names("a") == {path.stem}


def test_the_languages_of_a_document_are_those_of_its_files(store: Store) -> None:
    folder = store.root / "cases"
    for name in ("cash-by-phone.fr.md", "cash-by-phone-two.md", "cash-by-phone.x y.md"):
        (folder / name).write_text(case_text(), encoding="utf-8")
    assert store.languages("case", "cash-by-phone") == ["", "fr"]
    assert store.languages("case", "nothing") == []
    assert store.languages("case", "*") == []
