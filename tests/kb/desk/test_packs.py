"""Packs: each item with its text, what packs keep of their cases, and links that are secret."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.checking import check
from indexer.errors import NoSuchDocument
from indexer.values import Key, revision_of
from kb.access import CONSOLE, VISITOR, NotAllowed, Person
from kb.records import tables
from kb.records.journal import Draft, NoSuchDraft
from kb.services import editing, sharing
from kb.services.backing_up import back_up
from kb.services.desk import Desk
from kb.services.editing import begin, save, submit
from kb.services.office import SmallOffice
from kb.services.packs import (
    NoSuchPack,
    ReadItem,
    counted,
    packs_with,
    read_draft,
    read_pack,
    without_notes,
)
from kb.services.publishing import NotValid, publish, purge, set_status
from kb.services.reading import CaseWithdrawn, Moved
from kb.services.reconcile import start
from kb.services.sharing import NoSuchShare, TooManyShares, read_shared, share, shares, unshare
from kb.services.verifying import verify
from tests import desks, factories
from tests.desks import CASH, CROPS, FRENCH, WOMEN
from tests.kb.desk.test_versioning import git, repository  # noqa: F401 - a fixture

PACK = Key("pack", "learning-to-pay")
SAFFRON = "\n## Lessons\n\nSaffron was too dear [1].\n"


def revision(desk: Desk, key: Key) -> str:
    return revision_of(desks.text_of(desk, key))


def draft_of(desk: Desk, ama: Person, *items: object, **changes: object) -> Draft:
    text = factories.pack_text(*items, **changes)  # type: ignore[arg-type]
    return begin(desk, ama, None, "pack", text)


def made(desk: Desk, ama: Person, eva: Person, *items: object, **changes: object) -> None:
    publish(desk, eva, submit(desk, ama, draft_of(desk, ama, *items, **changes).token).token)


def pinned(desk: Desk, key: Key = CROPS, **more: object) -> dict[str, object]:
    return {"case": key.slug, "revision": revision(desk, key), **more}


def saffron(desk: Desk, ama: Person, eva: Person, key: Key = CROPS) -> None:
    desks.made_public(desk, ama, eva, key, lambda text: text + SAFFRON)


def first(desk: Desk, lang: str = "") -> ReadItem:
    return read_pack(desk.library, VISITOR, PACK.slug, lang).item(1)


def kept(desk: Desk) -> dict[str, set[str]]:
    store = desk.library.store
    return {slug: store.pinned_names(slug) for slug in store.packs_with_pinned()}


def agrees(desk: Desk) -> None:
    """Nothing is apart between the parts of the desk, and the files say so too."""
    assert [d for d in verify(desk.settings).differences if d.part != "permissions"] == []
    assert [str(p) for _, p in check([desk.settings.content]) if "pin" in str(p)] == []
    assert start(desk).empty


# Reading ------------------------------------------------------------------------------------


def test_an_item_follows_its_case_or_stays_as_it_was(desk: Desk, ama: Person, eva: Person) -> None:
    old = revision(desk, CROPS)
    made(desk, ama, eva, "crop-prices", pinned(desk), pinned(desk, WOMEN))
    assert kept(desk) == {}
    saffron(desk, ama, eva)
    latest, frozen, other = read_pack(desk.library, VISITOR, PACK.slug).items
    assert "Saffron" in latest.body and "Saffron" not in frozen.body
    assert (frozen.revision, frozen.newest) == (old, revision(desk, CROPS))
    assert (latest.changed, frozen.changed, other.changed) == (False, True, False)
    assert kept(desk) == {PACK.slug: {old}}
    agrees(desk)


def test_changes_since_a_pin_are_counted(desk: Desk, ama: Person, eva: Person) -> None:
    made(desk, ama, eva, pinned(desk), "women-coders")
    saffron(desk, ama, eva)
    desks.made_public(desk, ama, eva, CROPS, lambda text: text + "\nMore.\n")
    read = counted(desk, read_pack(desk.library, eva, PACK.slug))
    assert [one.changes for one in read.items] == [2, 0]
    assert [one.number for one in read.warnings] == [1]


def test_a_case_is_read_in_the_language_of_the_pack(desk: Desk, ama: Person, eva: Person) -> None:
    made(desk, ama, eva, "cash-by-phone", pinned(desk, CASH), "crop-prices", lang="fr")
    translated, original, alone = read_pack(desk.library, VISITOR, PACK.slug).items
    assert (translated.key, translated.lang, translated.translation) == (FRENCH, "fr", "")
    assert translated.behind  # of the original that the small library names
    assert (original.key, original.lang, original.translation) == (CASH, "en", "fr")
    assert (alone.key, alone.lang, alone.warns) == (CROPS, "en", False)


def test_a_translation_can_be_pinned(desk: Desk, ama: Person, eva: Person) -> None:
    item = {"case": "cash-by-phone", "revision": revision(desk, FRENCH)}
    made(desk, ama, eva, item)
    saffron(desk, ama, eva, FRENCH)
    assert (first(desk).key, first(desk).lang, first(desk).changed) == (FRENCH, "fr", True)
    assert kept(desk) == {PACK.slug: {item["revision"]}}
    agrees(desk)


def test_a_pack_and_its_translation_share_what_they_keep(
    desk: Desk, ama: Person, eva: Person
) -> None:
    made(desk, ama, eva, pinned(desk))
    key = PACK._replace(lang="fr")
    of = {"slug": PACK.slug, "revision": revision(desk, PACK)}
    text = factories.pack_text(pinned(desk, WOMEN), lang="fr", translation_of=of)
    publish(desk, eva, submit(desk, ama, begin(desk, ama, key, text=text).token).token)
    old = {revision(desk, CROPS), revision(desk, WOMEN)}
    saffron(desk, ama, eva)
    saffron(desk, ama, eva, WOMEN)
    assert kept(desk) == {PACK.slug: old}
    read = read_pack(desk.library, VISITOR, PACK.slug, "fr")
    assert (read.lang, read.behind, read.item(1).shown) == ("fr", False, True)
    assert read.languages == (("", "en"), ("fr", "fr"))
    cards = packs_with(desk.library, "crop-prices", "fr")
    assert [(card.key, card.cases) for card in cards] == [(key, 1)]
    agrees(desk)


def test_nobody_is_shown_a_case_that_was_withdrawn(desk: Desk, ama: Person, eva: Person) -> None:
    made(desk, ama, eva, pinned(desk), "crop-prices", "women-coders")
    saffron(desk, ama, eva)
    set_status(desk, eva, CROPS, "withdrawn", "It named a child.")
    frozen, latest, other = read_pack(desk.library, VISITOR, PACK.slug).items
    for item in (frozen, latest):
        assert (item.state, item.reason) == ("withdrawn", "It named a child.")
        assert not item.shown and not item.body
        assert item.title.startswith("Crop prices")
    assert other.shown
    assert kept(desk) == {}
    agrees(desk)
    set_status(desk, eva, CROPS, "published")
    assert first(desk).shown and first(desk).state == ""
    assert kept(desk) == {PACK.slug: {frozen.item.revision}}
    agrees(desk)


def test_a_translation_that_was_withdrawn_alone_is_not_shown(
    desk: Desk, ama: Person, eva: Person
) -> None:
    item = {"case": "cash-by-phone", "revision": revision(desk, FRENCH)}
    made(desk, ama, eva, item, "cash-by-phone", lang="fr")
    set_status(desk, eva, FRENCH, "withdrawn", "Badly translated.")
    frozen, latest = read_pack(desk.library, VISITOR, PACK.slug).items
    assert (frozen.state, frozen.shown) == ("withdrawn", False)
    assert (latest.key, latest.shown) == (CASH, True)
    assert kept(desk) == {}


def test_a_case_that_was_archived_is_shown_with_a_warning(
    desk: Desk, ama: Person, eva: Person
) -> None:
    made(desk, ama, eva, pinned(desk), "crop-prices")
    set_status(desk, eva, CROPS, "archived", "See the newer one.")
    for item in read_pack(desk.library, VISITOR, PACK.slug).items:
        assert (item.state, item.reason, item.warns) == ("archived", "See the newer one.", True)
        assert item.shown
    agrees(desk)


def test_what_a_pack_pins_outlives_the_file_of_a_case(desk: Desk, ama: Person, eva: Person) -> None:
    made(desk, ama, eva, pinned(desk), "crop-prices")
    desks.file_of(desk, CROPS).unlink()
    desk.library.sync()
    start(desk)
    frozen, latest = read_pack(desk.library, VISITOR, PACK.slug).items
    assert (frozen.state, frozen.shown, frozen.newest) == ("removed", True, "")
    assert (latest.state, latest.shown) == ("missing", False)
    agrees(desk)


def test_a_pack_names_all_that_it_is_made_of(desk: Desk, ama: Person, eva: Person) -> None:
    made(desk, ama, eva, "crop-prices", {"case": "women-coders", "note": "Ask."})

    def name(person: Person = VISITOR) -> str:
        return read_pack(desk.library, person, PACK.slug).fingerprint

    before = name()
    assert name() == before != name(eva)
    saffron(desk, ama, eva)
    assert name() != before


def test_teaching_notes_are_for_those_who_may_see_them(
    desk: Desk, ama: Person, eva: Person
) -> None:
    made(desk, ama, eva, {"case": "crop-prices", "note": "Hide the answer."})
    seen, hidden = (read_pack(desk.library, one, PACK.slug) for one in (ama, VISITOR))
    assert (seen.notes, seen.item(1).item.note) == (True, "Hide the answer.")
    assert not hidden.notes and "Hide the answer." not in repr(hidden)
    assert without_notes(seen) == hidden
    desks.made_public(
        desk,
        ama,
        eva,
        PACK,
        lambda text: text.replace("sections:", "notes_for: everyone\nsections:"),
    )
    assert read_pack(desk.library, VISITOR, PACK.slug).item(1).item.note == "Hide the answer."


def test_packs_that_are_not_there_say_what_became_of_them(
    desk: Desk, ama: Person, eva: Person
) -> None:
    made(desk, ama, eva, "crop-prices", aliases=["old-pack"])
    for slug, lang in (("nothing", ""), ("../cases/crop-prices", ""), (PACK.slug, "fr")):
        with pytest.raises(NoSuchPack):
            read_pack(desk.library, VISITOR, slug, lang)
    with pytest.raises(NoSuchPack):
        read_pack(desk.library, VISITOR, PACK.slug).item(2)
    with pytest.raises(Moved, match=f"/packs/{PACK.slug}"):
        read_pack(desk.library, VISITOR, "old-pack")
    set_status(desk, eva, PACK, "withdrawn", "It is no good.")
    with pytest.raises(CaseWithdrawn):
        read_pack(desk.library, VISITOR, PACK.slug)
    assert packs_with(desk.library, "crop-prices") == ()


def test_a_draft_is_read_as_the_pack_that_it_would_be(
    desk: Desk, ama: Person, ben: Person, eva: Person
) -> None:
    old = pinned(desk)
    saffron(desk, ama, eva)
    draft = draft_of(desk, ama, old, "nothing-of-this-name")
    read = counted(desk, read_draft(desk, ama, draft.token))
    assert [one.state for one in read.items] == ["", "missing"]
    assert read.item(1).shown and read.item(1).changes == 1  # from the journal: nothing is kept
    assert not read.public and read.draft is not None and kept(desk) == {}
    with pytest.raises(NotAllowed):
        read_draft(desk, ben, draft.token)
    with pytest.raises(NoSuchDraft):
        read_draft(desk, ama, begin(desk, ama, CROPS).token)


# Keeping ------------------------------------------------------------------------------------


def test_a_text_that_was_never_public_cannot_be_pinned(
    desk: Desk, ama: Person, eva: Person
) -> None:
    secret = desks.wrote(desk, ama, CROPS, lambda text: text + SAFFRON)
    for case, name in (("crop-prices", secret.hash), ("women-coders", revision(desk, CROPS))):
        draft = draft_of(desk, ama, "cash-by-phone", {"case": case, "revision": name})
        with pytest.raises(NotValid, match=r"sections\[1\].items\[2\].revision"):
            publish(desk, eva, submit(desk, ama, draft.token).token)
        editing.withdraw_submission(desk, ama, draft.token)
    assert kept(desk) == {}


def test_a_pack_may_pin_what_was_public_once(desk: Desk, ama: Person, eva: Person) -> None:
    old = pinned(desk)
    saffron(desk, ama, eva)
    made(desk, ama, eva, old)
    assert kept(desk) == {PACK.slug: {old["revision"]}}
    assert first(desk).shown
    agrees(desk)


def test_what_no_text_uses_any_more_is_let_go(desk: Desk, ama: Person, eva: Person) -> None:
    old = revision(desk, CROPS)
    made(desk, ama, eva, pinned(desk))
    saffron(desk, ama, eva)
    new = revision(desk, CROPS)
    desks.made_public(desk, ama, eva, PACK, lambda text: text.replace(old, new))
    assert kept(desk) == {}
    assert not (desk.settings.content / "packs" / PACK.slug).exists()
    agrees(desk)


def test_two_packs_keep_a_text_each(desk: Desk, ama: Person, eva: Person) -> None:
    old = revision(desk, CROPS)
    made(desk, ama, eva, pinned(desk))
    made(desk, ama, eva, pinned(desk), title="Another course")
    saffron(desk, ama, eva)
    assert kept(desk) == {PACK.slug: {old}, "another-course": {old}}
    purge(desk, CONSOLE, "another-course", "pack")
    assert kept(desk) == {PACK.slug: {old}}
    agrees(desk)


def test_what_was_done_by_hand_is_mended(desk: Desk, ama: Person, eva: Person) -> None:
    old = revision(desk, CROPS)
    made(desk, ama, eva, pinned(desk))
    desks.by_hand(desk, CROPS, desks.text_of(desk, CROPS) + SAFFRON)
    desk.library.sync()
    told = start(desk).told
    assert told == (f"pack/{PACK.slug}: keeps {old}, which its case has left",)
    assert kept(desk) == {PACK.slug: {old}}
    path = desk.library.store.pinned_path(PACK.slug, old)
    path.write_text("something else", encoding="utf-8")
    stray = path.with_name(f"{'0' * 12}.md")
    stray.write_text("a stray", encoding="utf-8")
    details = [d.detail for d in verify(desk.settings).differences if d.part == "packs"]
    assert len(details) == 3
    with pytest.raises(NoSuchDocument):
        desk.library.store.pinned(PACK.slug, old)
    assert [p.name for p, _ in check([desk.settings.content / "packs"])] == [stray.name, path.name]
    assert not start(desk).empty
    assert kept(desk) == {PACK.slug: {old}} and first(desk).shown
    agrees(desk)
    path.unlink()
    found = [str(problem) for _, problem in check([desk.settings.content])]
    assert [one for one in found if "neither its file nor kept" in one]
    start(desk)
    agrees(desk)


def test_a_new_clone_reads_what_a_pack_keeps(
    desk: Desk, ama: Person, eva: Person, tmp_path: Path
) -> None:
    made(desk, ama, eva, pinned(desk))
    saffron(desk, ama, eva)
    settings = replace(desk.settings, data=tmp_path / "data", var=tmp_path / "var")
    with desks.opened(replace(settings, database_url=desks.own_schema())) as clone:
        assert first(clone).shown and first(clone).changed
        agrees(clone)
        # and may go on pinning it, though its journal never had it
        row = desks.made_public(clone, *people_of(clone), PACK, lambda text: text + "\nMore.\n")
        assert row.event == "published"
        desks.drop_schema(clone.settings)


def people_of(desk: Desk) -> tuple[Person, Person]:
    from tests.people import add_person

    return (add_person(desk.database, "contributor", "Ama", "ama@example.org"),
            add_person(desk.database, "editor", "Eva", "eva@example.org"))  # fmt: skip


def test_what_is_purged_is_kept_by_no_pack(desk: Desk, ama: Person, eva: Person) -> None:
    made(desk, ama, eva, pinned(desk), "women-coders")
    saffron(desk, ama, eva)
    (old,) = kept(desk)[PACK.slug]
    text = desk.library.store.pinned(PACK.slug, old)
    purge(desk, CONSOLE, "crop-prices", reason="It named a child.")
    assert kept(desk) == {}
    assert (first(desk).state, first(desk).shown) == ("missing", False)
    desk.library.store.add_pinned(PACK.slug, text)  # by an old backup
    assert start(desk).told
    assert kept(desk) == {}


def test_a_backup_brings_back_what_packs_keep(
    desk: Desk, ama: Person, eva: Person, tmp_path: Path
) -> None:
    from kb.services.restoring import restore
    from tests.kb.desk.keeping import new_place

    made(desk, ama, eva, pinned(desk))
    saffron(desk, ama, eva)
    secret = share(desk, ama, draft_of(desk, ama, "women-coders", title="Two").token)
    file = tmp_path / "backup.tar.gz"
    back_up(SmallOffice(desk.database, desk.settings), file)
    place = new_place(tmp_path / "place", desks.own_schema())
    restore(place, file)
    with desks.opened(place) as restored:
        assert kept(restored) == kept(desk) != {}
        assert first(restored).shown
        assert read_shared(restored, secret).pack.title == "Two"
    desks.drop_schema(place)


def test_what_packs_keep_is_committed_with_the_publication(
    repository: Desk,  # noqa: F811
    ama: Person,
    eva: Person,
) -> None:
    old = revision(repository, CROPS)
    made(repository, ama, eva, pinned(repository))
    saffron(repository, ama, eva)
    shown = git(repository, "show", "--name-only", "--format=").splitlines()
    assert shown == ["cases/crop-prices.md", f"packs/{PACK.slug}/pinned/{old}.md"]
    assert git(repository, "status", "--porcelain") == ""
    set_status(repository, eva, CROPS, "withdrawn", "No.")
    assert f"D\tpacks/{PACK.slug}/pinned/{old}.md" in git(
        repository, "show", "--name-status", "--format="
    )
    assert git(repository, "status", "--porcelain") == ""


# Secret links -------------------------------------------------------------------------------


def test_a_secret_link_shows_the_draft_to_whoever_has_it(desk: Desk, ama: Person) -> None:
    draft = draft_of(desk, ama, {"case": "crop-prices", "note": "Hide it."})
    secret = share(desk, ama, draft.token, "  For  Accra ")
    read = read_shared(desk, secret)
    assert read.pack.title == "Learning to pay" and read.item(1).shown
    assert not read.notes and not read.public
    save(desk, ama, draft.token, draft.text.replace("Learning", "Daring"), draft.hash)
    assert read_shared(desk, secret).pack.title == "Daring to pay"
    (link,) = shares(desk, ama, draft.token)
    assert (link.label, link.name, link.revoked_at) == ("For Accra", "Ama", None)
    unshare(desk, ama, draft.token, link.id)
    assert shares(desk, ama, draft.token)[0].revoked_at is not None
    for call in (
        lambda: read_shared(desk, secret),
        lambda: read_shared(desk, "no such secret"),
        lambda: unshare(desk, ama, draft.token, link.id),
    ):
        with pytest.raises(NoSuchShare):
            call()


def test_the_secret_itself_is_nowhere(desk: Desk, ama: Person) -> None:
    secret = share(desk, ama, draft_of(desk, ama, "crop-prices").token)
    with desk.database.reading() as connection:
        for table in tables.metadata.tables.values():
            assert secret not in repr(connection.execute(table.select()).all())


def test_only_those_who_write_a_draft_share_it(
    desk: Desk, ama: Person, ben: Person, rosa: Person, eva: Person
) -> None:
    draft = draft_of(desk, ama, "crop-prices")
    share(desk, ama, draft.token)
    (link,) = shares(desk, eva, draft.token)
    for person in (ben, rosa):
        for call in (
            lambda who: share(desk, who, draft.token),
            lambda who: shares(desk, who, draft.token),
            lambda who: unshare(desk, who, draft.token, link.id),
        ):
            with pytest.raises(NotAllowed):
                call(person)
    editing.add_co_author(desk, ama, draft.token, ben.email)
    share(desk, ben, draft.token)
    other = draft_of(desk, ben, "crop-prices", title="Another")
    with pytest.raises(NoSuchShare):  # the number of a link to another draft
        unshare(desk, ben, other.token, link.id)
    with pytest.raises(NoSuchDraft):  # cases are not shared so
        share(desk, ama, begin(desk, ama, CROPS).token)


def test_a_link_leads_to_the_public_pack_and_ends_with_the_draft(
    desk: Desk, ama: Person, eva: Person
) -> None:
    draft, other = (draft_of(desk, ama, "crop-prices", title=t) for t in ("One", "Two"))
    secret, dead = share(desk, ama, draft.token), share(desk, ama, other.token)
    submit(desk, ama, draft.token)
    assert read_shared(desk, secret).item(1).shown
    publish(desk, eva, draft.token)
    with pytest.raises(Moved) as moved:
        read_shared(desk, secret)
    assert moved.value.path == "/packs/one"
    editing.discard(desk, ama, other.token)
    with pytest.raises(NoSuchShare):
        read_shared(desk, dead)
    purge(desk, CONSOLE, "one", "pack")
    with pytest.raises(NoSuchShare):
        read_shared(desk, secret)


def test_links_to_a_draft_are_limited(
    desk: Desk, ama: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MOST", 2)
    draft = draft_of(desk, ama, "crop-prices")
    for _ in range(2):
        share(desk, ama, draft.token)
    with pytest.raises(TooManyShares):
        share(desk, ama, draft.token)
    unshare(desk, ama, draft.token, shares(desk, ama, draft.token)[0].id)
    share(desk, ama, draft.token)
