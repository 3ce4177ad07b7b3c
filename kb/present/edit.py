"""The pages of the editor."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from indexer.document import Document
from indexer.fields import BODIES, FIELDS
from indexer.hits import Hit
from indexer.library import Library
from kb.access import Person
from kb.entries import Entry, EntryGroup, Fault, Preview
from kb.forms.acting import missing_headings
from kb.forms.editing import Form
from kb.forms.widgets import sent_lines
from kb.markup import Rendered, Section
from kb.pages.writing import CasesFragment, EditPage, PreviewFragment, RawPage, TermsFragment
from kb.pieces.common import Link, Option
from kb.pieces.reading import Part
from kb.present.case import FAILURE, rendered, sources_of
from kb.present.difference import readable
from kb.present.entries import Making, Told, entries_of, found_options, picks, term_label
from kb.present.faults import faults_of, is_missing, told_at_fields
from kb.present.fieldwords import FOLDED, HELPED, PARTS, REST
from kb.present.helping import lacks_of, last_list, writing_help
from kb.present.history import time_told
from kb.present.pack_making import all_of_today, items_of, looks, offered, outline_of
from kb.present.threads import notes
from kb.present.words import Reader
from kb.records.journal import Draft
from kb.services.commenting import Thread
from kb.services.helping import Help
from kb.services.packs import ReadPack
from kb.services.places import BODY
from kb.services.reading import Reading
from kb.services.writing import Writing
from kb.translation import gettext as _


@dataclass(frozen=True)
class Shown:
    """What an editor page is made of besides the draft: the form, and the text it makes.

    `pack` is that text as a pack, `found` the cases that were searched for, by the path of the
    list that they are for.
    """

    form: Form
    now: Document
    help: Help
    told: str = ""
    said: tuple[Thread, ...] = ()
    checked: bool = False
    preview: bool = False
    pack: ReadPack | None = None
    found: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)


def edit_page(
    writing: Writing, shown: Shown, library: Library, person: Person, reader: Reader
) -> EditPage:
    """The editor with a form as it is typed now."""
    draft, form, now = writing.draft, shown.form, shown.now
    url = f"/drafts/{draft.token}"
    problems = [one for one in now.problems if shown.checked or not is_missing(one)]
    told = told_at_fields(problems, form.typed, now)
    said = notes(shown.said, draft)
    front = writing.document.front
    making = Making(
        form, told, reader, url, said, front, items=items_of(shown.pack), found=shown.found
    )
    fields = FIELDS[draft.kind]
    entries = entries_of(fields, form.typed, front, making)
    return EditPage(
        title=_("Edit: %(title)s", title=title_of_draft(now)),
        url=f"{url}/edit",
        draft=Link(title_of_draft(now), url, lang=now.lang),
        raw_url=f"{url}/raw",
        lang=now.lang,
        storage=f"{person.id}:{draft.token}",
        opened=form.opened,
        base=form.base,
        groups=_groups(entries, told, draft.kind),
        body=form.body,
        headings=missing_headings(form.body, now.lang) if draft.kind == "case" else (),
        sources=making.sources,
        lists=_lists(entries, reader),
        faults=faults_of(problems, form.typed, now, warnings=False),
        warnings=faults_of(problems, form.typed, now, warnings=True),
        body_needed=draft.kind in BODIES,
        body_errors=tuple(told.errors.get("body", ())),
        body_warnings=tuple(told.warnings.get("body", ())),
        body_notes=said.get(BODY, ()),
        notes=said.get("", ()),
        looks=looks(shown.pack, reader, typed=form.typed),
        all_of_today=all_of_today(shown.pack, form.typed),
        helped=HELPED.get(draft.kind, "start"),
        help=writing_help(shown.help, library, reader, last_list(form.typed)),
        lacks=lacks_of(shown.help.lacking),
        preview=preview_of(now, draft.token, pack=shown.pack) if shown.preview else None,
        saved=saved_at(draft, reader),
        told=shown.told,
        message=form.message,
    )


def raw_page(writing: Writing, person: Person, reader: Reader, told: str) -> RawPage:
    """The whole file as text."""
    now = writing.document
    url = f"/drafts/{writing.draft.token}"
    faults = [
        Fault(_("Line %(number)s", number=one.line), f"{one.field}: {one.message}", "", one.warning)
        for one in now.problems
    ]
    return RawPage(
        title=_("The whole text: %(title)s", title=title_of_draft(now)),
        url=f"{url}/raw",
        draft=Link(title_of_draft(now), url, lang=now.lang),
        form_url=f"{url}/edit",
        lang=now.lang,
        storage=f"{person.id}:{writing.draft.token}:raw",
        text=sent_lines(now.text),
        base=now.revision,
        rows=min(max(now.text.count("\n") + 4, 12), 40),
        faults=tuple(fault for fault in faults if not fault.warning),
        warnings=tuple(fault for fault in faults if fault.warning),
        saved=saved_at(writing.draft, reader),
        told=told,
    )


def terms_fragment(draft: Draft, path: str, text: str, reader: Reader) -> TermsFragment:
    """The terms that a picker finds for what is being typed; none for a field that is no picker."""
    field = next((one for one in FIELDS[draft.kind] if one.name == path), None)
    if field is None or not field.vocabulary or not field.many:
        return TermsFragment("", (), text)
    return TermsFragment(f"f.{path}", found_options(field, path, text, reader), text)


def finds_cases(kind: str, path: str) -> bool:
    """Whether a path of the form is that of a list of cases, which are searched for."""
    fields, field = FIELDS[kind], None
    for step in (step for step in path.split(".") if not step.isdecimal()):
        field = next((one for one in fields if one.name == step), None)
        fields = field.fields if field else ()
    return field is not None and picks(field)


def cases_fragment(
    path: str, text: str, hits: tuple[Hit, ...], taken: Collection[str], reader: Reader
) -> CasesFragment:
    """The cases that a picker finds for what is being typed, to be put on the list at `path`."""
    return CasesFragment(offered(hits, path, taken, reader), text)


def preview_fragment(now: Document, token: str, pack: ReadPack | None) -> PreviewFragment:
    """How the text will look; `pack` is that text as a pack."""
    return PreviewFragment(preview_of(now, token, pack=pack))


def rendered_draft(now: Document, token: str) -> Rendered:
    """The body of a draft as clean HTML, whatever is wrong with the rest.

    `token` is that of the draft, whose pictures are not public yet.
    """
    reading = Reading(now.key, now.lang, _sources(now), readable(now.body), now.revision)
    return rendered(reading, draft=token)


def _sources(now: Document) -> Mapping[str, Any]:
    """The sources that can be read, as front matter."""
    rows = now.front.get("sources")
    return {
        "sources": [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    }


def preview_of(
    now: Document, token: str, text: Rendered | None = None, pack: ReadPack | None = None
) -> Preview:
    """Title, summary and body as a reader will see them; `text` is the body where it is made.

    Of a `pack` its sections and cases too.

    `token` is that of the draft, whose pictures are not public yet.
    """
    text, front = text or rendered_draft(now, token), _sources(now)
    return Preview(
        title=title_of_draft(now),
        summary=str(now.front.get("summary") or ""),
        lang=now.lang,
        lead=text.lead,
        parts=_parts(text.sections),
        outline=outline_of(pack),
        footnotes=text.footnotes,
        sources=sources_of(front, text.references),
    )


def title_of_draft(now: Document) -> str:
    """The title of a draft, also of one that has none yet."""
    return str(now.front.get("title") or "") or _("Untitled")


def saved_at(draft: Draft, reader: Reader) -> str:
    """When the newest text was saved, and by whom."""
    if draft.head is None:
        return ""
    when = time_told(draft.head.at, reader)
    return _("Saved %(when)s by %(who)s", when=when, who=draft.head.author or _("nobody"))


# Groups and lists ----------------------------------------------------------------------------


def _groups(entries: Iterable[Entry], told: Told, kind: str) -> tuple[EntryGroup, ...]:
    left = {entry.path: entry for entry in entries}
    groups = []
    for id_, title, names in PARTS[kind]:
        mine = tuple(left.pop(name) for name in names if name in left)
        if mine or id_ == "text":
            groups.append(EntryGroup(id_, str(title), mine))
    rest = tuple(left.values())
    if rest:
        folded = not any(told.below(entry.path) for entry in rest)
        groups.append(EntryGroup(REST[0], str(REST[1]), rest, folded and REST[0] in FOLDED))
    return tuple(groups)


def _lists(entries: Iterable[Entry], reader: Reader) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """The values offered while typing, each list once for all the fields that share it."""
    names: dict[str, None] = {}

    def gather(some: Iterable[Entry]) -> None:
        for entry in some:
            if entry.shared:
                names[entry.shared] = None
            gather(entry.parts)
            for row in entry.rows:
                gather(row.parts)

    gather(entries)
    return tuple(
        (
            name,
            tuple(
                Option("", id_, term_label(vocabulary, id_, reader))
                for id_ in reader.vocabularies[vocabulary]
            ),
        )
        for name in names
        for vocabulary in (name.removeprefix("all-"),)
    )


def _parts(sections: Iterable[Section]) -> tuple[Part, ...]:
    return tuple(Part(s.id, s.heading, s.body, failure=s.id == FAILURE) for s in sections)
