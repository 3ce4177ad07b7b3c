"""The pages around a draft: how it begins, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.hits import Hit
from indexer.values import Key
from indexer.vocabulary import LANGUAGES
from kb import markup
from kb.access import Person
from kb.entries import Sharing
from kb.forms.beginning import NewForm
from kb.forms.review import NOTHING, Typed
from kb.pages.writing import BeginPage, DraftPage, NewPage
from kb.pieces.common import Hidden, Link, Option
from kb.present.edit import preview_of, rendered_draft, saved_at, title_of_draft
from kb.present.faults import faults_of
from kb.present.filters import value_label
from kb.present.helping import lacks_of
from kb.present.links import case_url
from kb.present.pack_making import case_facts, looks
from kb.present.queue import moves_of, state_mark
from kb.present.review import standing_told
from kb.present.threads import Telling, errors_told, marks_in, open_told, threads
from kb.present.words import Reader, own_name
from kb.records.journal import OPEN, Draft
from kb.services.helping import lacking_in
from kb.services.packs import ReadPack
from kb.services.writing import Overview, about
from kb.translation import gettext as _


def new_page(form: NewForm, similar: Sequence[Hit], wrong: str, reader: Reader) -> NewPage:
    """The start of a new case; `similar` are those that are here already."""
    known = about(form.asked, reader.vocabularies)
    chosen = [(facet, value) for facet, values in known for value in values]
    return NewPage(
        title=_("A new case"),
        url="/cases/new",
        value=form.title,
        wrong=wrong,
        languages=tuple(
            Option("", code, own_name(code), selected=code == form.lang) for code in LANGUAGES
        ),
        similar=tuple(_like(hit, reader) for hit in similar),
        about=reader.listed(value_label(facet, value, reader) for facet, value in chosen),
        hidden=tuple(Hidden(facet, value) for facet, value in chosen),
        example=_("M-Pesa: money by text message in Kenya"),
        cases=(),
    )


def new_pack_page(form: NewForm, cases: Sequence[Hit], wrong: str, reader: Reader) -> NewPage:
    """The start of a new pack; `cases` are those that it can begin with."""
    return NewPage(
        title=_("A new pack"),
        url="/packs/new",
        value=form.title,
        wrong=wrong,
        languages=tuple(
            Option("", code, own_name(code), selected=code == form.lang) for code in LANGUAGES
        ),
        similar=(),
        about="",
        hidden=(),
        example=_("Mobile money and inclusion: a day for officials"),
        cases=tuple(
            Option(f"case-{hit.key.slug}", hit.key.slug, hit.title, case_facts(hit, reader),
                   selected=True)
            for hit in cases
        ),
    )  # fmt: skip


def fork_page(key: Key, title: str, path: str) -> BeginPage:
    """The question whether to begin a pack of one's own from a public one."""
    return BeginPage(
        title=_("Make it your own"),
        url=f"{path}/fork",
        document=Link(title, path, lang=key.lang or "en"),
        explained=_(
            "You get a copy as a draft, which only you and the people who check it can see: its"
            " cases, notes and questions, to be changed as you like. Your pack names this one as"
            " its origin, and this one stays as it is."
        ),
        named=title,
    )


def _like(hit: Hit, reader: Reader) -> Link:
    lang = str(hit.record["front"].get("lang") or "en")
    return Link(hit.title, case_url(hit.key.slug), note=case_facts(hit, reader), lang=lang)


def begin_page(key: Key, title: str, path: str) -> BeginPage:
    """The question whether to begin a draft of a public document."""
    return BeginPage(
        title=_("Improve this text"),
        url=f"{path}/edit",
        document=Link(title, path, lang=key.lang or "en"),
        explained=_(
            "You get a draft of it, which only you and the people who check it can see. What is"
            " public stays as it is until an editor has published your text."
        ),
    )


def explained(state: str) -> str:
    """What a state means for whoever wrote the draft."""
    words = {
        "draft": _("Only its authors and the editors can see it. Submit it when it is ready."),
        "submitted": _("It waits for somebody to check it. Take it back to go on writing."),
        "changes-requested": _(
            "Somebody has checked it and asks for changes. Mend it, answer what was said, and"
            " submit it again."
        ),
        "approved": _("It was checked and waits to be published."),
        "published": _("It was published. To change it again, begin a new draft."),
        "rejected": _("It was not taken into the library; see the note. Its text is kept."),
        "discarded": _("It was given up. Its text is kept."),
    }
    return words.get(state, "")


def _explained(draft: Draft) -> str:
    told = explained(draft.state)
    if not draft.outsider:
        return told
    outside = _("It was suggested by somebody without an account; an editor may change it.")
    return f"{outside} {told}"


def draft_page(
    found: Overview,
    person: Person,
    reader: Reader,
    *,
    told: str = "",
    wrong: str = "",
    typed: Typed = NOTHING,
    pack: ReadPack | None = None,
    sharing: Sharing | None = None,
) -> DraftPage:
    """A draft with all that is told about it; `typed` is an answer that was refused.

    `pack` is its text as a pack, `sharing` tells of its secret links to whoever may make some.
    """
    writing = found.writing
    draft, now = writing.draft, writing.document
    url = f"/drafts/{draft.token}"
    text = rendered_draft(now, draft.token)
    marks = marks_in(text, found.threads)
    telling = Telling(
        draft,
        reader,
        answerable=found.may_comment,
        writable=found.may_write,
        marked=frozenset(int(one.id) for one in marks),
        typed=typed,
    )
    errors = [problem for problem in now.problems if not problem.warning]
    ways = [Link(_("What it would change"), f"{url}/compare")]
    if found.may_write:
        ways = [Link(_("Edit"), f"{url}/edit"), Link(_("The whole text"), f"{url}/raw"), *ways]
    return DraftPage(
        title=title_of_draft(now),
        lang=now.lang,
        state=state_mark(draft.state),
        explained=_explained(draft),
        note=draft.note,
        saved=saved_at(draft, reader),
        outdated=f"{url}/catch-up" if draft.outdated and found.may_write else "",
        waiting=_waiting(found, f"{url}/conflict"),
        ways=tuple(ways),
        faults=faults_of(now.problems, {}, now, warnings=False),
        warnings=faults_of(now.problems, {}, now, warnings=True),
        looks=looks(pack, reader, f"{url}/edit"),
        sharing=sharing,
        lacks=lacks_of(lacking_in(now), f"{url}/edit"),
        review=_review_way(found, f"{url}/review"),
        standing=tuple(standing_told(found.standing, draft.state, person)),
        errors=errors_told(len(errors)) if draft.state in OPEN else "",
        threads_told=open_told(found.threads),
        threads=threads(found.threads, telling),
        moves=moves_of(draft, found.moves),
        authors=tuple(name for name, _mail in found.authors),
        co_authors=tuple(Option("", mail, name) for name, mail in found.authors[1:] if mail),
        co_authors_url=f"{url}/co-authors",
        may_invite=found.may_invite,
        wrong=wrong,
        told=told,
        storage=f"{person.id}:{draft.token}",
        preview=preview_of(now, draft.token, markup.with_passages(text, marks), pack),
    )


def _waiting(found: Overview, url: str) -> Link | None:
    """What became of a text that could not be saved; without a way where it has to wait."""
    if not found.waiting:
        return None
    if found.may_write:
        return Link(_("A text that you sent is kept beside this draft, not joined with it."), url)
    return Link(_("What you sent when it took no more changes is kept beside it."), "")


def _review_way(found: Overview, url: str) -> Link | None:
    """The way to the page on which the draft is checked, once there is something to see there."""
    if found.may_check:
        return Link(_("Review it"), url)
    begun = found.threads or found.writing.draft.state != "draft"
    return Link(_("The review, with all that was said"), url) if begun else None
