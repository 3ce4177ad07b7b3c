"""One frozen dataclass per page: exactly what its template may use, and nothing it does not.

A page is given to its template under the name `page`; what stands around every page is `site`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from kb.entries import EntryGroup, Fault, Lack, Preview, WritingHelp
from kb.pieces import (
    Chart,
    Difference,
    Explained,
    FacetPanel,
    Fact,
    Figure,
    FormField,
    FoundCase,
    Goal,
    Hidden,
    InvitationRow,
    Link,
    Mark,
    Moment,
    Move,
    Option,
    Part,
    PersonRow,
    Pile,
    Place,
    Policy,
    Replication,
    Section,
    SessionRow,
    Source,
    Stretch,
    TermRow,
    Turning,
    Value,
)


@dataclass(frozen=True)
class HomePage:
    """The way in."""

    template: ClassVar[str] = "home/home.html"
    title: str
    canonical: str
    counts: tuple[Link, ...]
    newest: tuple[FoundCase, ...]
    themes: tuple[TermRow, ...]
    regions: tuple[TermRow, ...]


@dataclass(frozen=True)
class SearchPage:
    """Results, the filters beside them, and a way on when there is nothing."""

    template: ClassVar[str] = "search/results.html"
    title: str
    canonical: str
    text: str
    read_as: str
    corrected: str
    exact_url: str
    total: int
    total_label: str
    hits: tuple[FoundCase, ...]
    nearest: tuple[FoundCase, ...]
    facets: tuple[FacetPanel, ...]
    year_from: str
    year_to: str
    chips: tuple[Link, ...]
    clear_url: str
    sorts: tuple[Option, ...]
    turning: Turning | None
    drops: tuple[Link, ...]
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class SuggestFragment:
    """What is offered while typing."""

    template: ClassVar[str] = "search/_suggestions.html"
    suggestions: tuple[Link, ...]
    told: str


@dataclass(frozen=True)
class CasePage:
    """A case with everything that belongs to it."""

    template: ClassVar[str] = "cases/case.html"
    title: str
    canonical: str
    lang: str
    crumbs: tuple[Link, ...]
    summary: str
    lead: Markup
    parts: tuple[Part, ...]
    footnotes: Markup
    facts: tuple[Fact, ...]
    goals: tuple[Goal, ...]
    action_lines: tuple[Goal, ...]
    charts: tuple[Chart, ...]
    figures: tuple[Figure, ...]
    figures_apart: bool
    replications: tuple[Replication, ...]
    policies: tuple[Policy, ...]
    sources: tuple[Source, ...]
    similar: tuple[FoundCase, ...]
    elsewhere: tuple[FoundCase, ...]
    citation: str
    forms: tuple[Link, ...]
    terms: tuple[Explained, ...]
    translations: tuple[Link, ...]
    alternates: tuple[Link, ...]
    behind_url: str
    history_url: str
    edit_url: str
    linked_data: Mapping[str, Any]


@dataclass(frozen=True)
class IndexPage:
    """All terms of one shelf."""

    template: ClassVar[str] = "browse/index.html"
    title: str
    canonical: str
    intro: str
    rows: tuple[TermRow, ...]
    shelves: tuple[Link, ...]


@dataclass(frozen=True)
class GlossaryPage:
    """The words of the field, explained, with what they are called in other languages."""

    template: ClassVar[str] = "browse/glossary.html"
    title: str
    canonical: str
    intro: str
    terms: tuple[Explained, ...]


@dataclass(frozen=True)
class TermPage:
    """One term: what it means, what stands below it, its cases."""

    template: ClassVar[str] = "browse/term.html"
    title: str
    canonical: str
    kind: str
    crumbs: tuple[Link, ...]
    definition: str
    total_label: str
    below: tuple[TermRow, ...]
    together: tuple[tuple[str, tuple[TermRow, ...]], ...]
    hits: tuple[FoundCase, ...]
    turning: Turning | None
    search_url: str


@dataclass(frozen=True)
class TextPage:
    """A page such as About or Privacy."""

    template: ClassVar[str] = "pages/page.html"
    title: str
    canonical: str
    lang: str
    summary: str
    lead: Markup
    parts: tuple[Part, ...]
    footnotes: Markup
    updated: str


@dataclass(frozen=True)
class ErrorPage:
    """What went wrong, in plain words, and the ways on."""

    template: ClassVar[str] = "errors/error.html"
    title: str
    text: str
    reason: str
    number: str
    ways: tuple[Link, ...]
    searchable: bool


@dataclass(frozen=True)
class FormPage:
    """A form about one's account: what is asked and why, what is wrong with the answers."""

    template: ClassVar[str] = "account/form.html"
    title: str
    intro: tuple[str, ...]
    problems: tuple[Link, ...]
    action: str
    fields: tuple[FormField, ...]
    hidden: tuple[Hidden, ...]
    submit: str
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class ToldPage:
    """What was done, and what comes next."""

    template: ClassVar[str] = "account/told.html"
    title: str
    text: tuple[str, ...]
    shown: tuple[str, ...]
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class GoOnPage:
    """What somebody wrote and could not send, ready to be sent."""

    template: ClassVar[str] = "account/go_on.html"
    title: str
    text: str
    action: str
    hidden: tuple[Hidden, ...]


@dataclass(frozen=True)
class AccountPage:
    """One's own account."""

    template: ClassVar[str] = "account/account.html"
    title: str
    done: str
    facts: tuple[Fact, ...]
    name_field: FormField
    second_step: str
    second_step_ways: tuple[Link, ...]
    sessions: tuple[SessionRow, ...]


@dataclass(frozen=True)
class SecondStepPage:
    """What an app needs for the second step, as a picture and as text, and the form."""

    template: ClassVar[str] = "account/second_step.html"
    title: str
    problems: tuple[Link, ...]
    secret: str
    qr_size: int
    qr_path: str
    fields: tuple[FormField, ...]
    hidden: tuple[Hidden, ...]


@dataclass(frozen=True)
class MinePage:
    """One's own work, in piles by what is to be done."""

    template: ClassVar[str] = "account/mine.html"
    title: str
    piles: tuple[Pile, ...]
    ways: tuple[Link, ...]
    told: str


@dataclass(frozen=True)
class PeoplePage:
    """All who have an account, and the form that invites others."""

    template: ClassVar[str] = "account/people.html"
    title: str
    done: str
    problems: tuple[Link, ...]
    fields: tuple[FormField, ...]
    people: tuple[PersonRow, ...]
    invitations: tuple[InvitationRow, ...]


@dataclass(frozen=True)
class HistoryPage:
    """All that happened to a document."""

    template: ClassVar[str] = "history/history.html"
    title: str
    canonical: str
    document: Link
    moments: tuple[Moment, ...]
    compare_url: str
    older_url: str
    status_url: str
    statuses: tuple[Option, ...]
    reason: str
    wrong: str


@dataclass(frozen=True)
class RevisionPage:
    """One text of a document as it was."""

    template: ClassVar[str] = "history/revision.html"
    title: str
    document: Link
    lang: str
    moment: Moment
    values: tuple[Value, ...]
    lead: Markup
    parts: tuple[Part, ...]
    footnotes: Markup
    ways: tuple[Link, ...]
    restore_url: str


@dataclass(frozen=True)
class ComparePage:
    """Two texts side by side; of a draft with the moves that one may make with it."""

    template: ClassVar[str] = "history/compare.html"
    title: str
    document: Link
    lang: str
    old: Moment | None
    new: Moment
    told: str
    fields: tuple[Difference, ...]
    head: tuple[Stretch, ...]
    body: tuple[Stretch, ...]
    ways: tuple[Link, ...]
    restore_url: str
    restorable: tuple[Option, ...]
    note: str
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class ChangesPage:
    """What changed lately, by day."""

    template: ClassVar[str] = "history/changes.html"
    title: str
    canonical: str
    feed_url: str
    days: tuple[Section, ...]
    older_url: str


@dataclass(frozen=True)
class GonePage:
    """What is said in the place of a document that was withdrawn or archived."""

    template: ClassVar[str] = "history/gone.html"
    title: str
    subject: str
    text: str
    reason: str
    when: str
    history_url: str
    ways: tuple[Link, ...]


@dataclass(frozen=True)
class QueuePage:
    """The drafts that wait for somebody, by state."""

    template: ClassVar[str] = "queue/queue.html"
    title: str
    total: str
    groups: tuple[Section, ...]


@dataclass(frozen=True)
class ConflictPage:
    """The places that two people changed, to be settled one by one."""

    template: ClassVar[str] = "history/conflict.html"
    title: str
    draft: Link
    lang: str
    who: str
    action: str
    places: tuple[Place, ...]
    wrong: str


@dataclass(frozen=True)
class NewPage:
    """The start of a new document: its title, and what is here already."""

    template: ClassVar[str] = "edit/new.html"
    title: str
    url: str
    value: str
    wrong: str
    languages: tuple[Option, ...]
    similar: tuple[Link, ...]


@dataclass(frozen=True)
class BeginPage:
    """The question whether to begin a draft of what is public."""

    template: ClassVar[str] = "edit/begin.html"
    title: str
    url: str
    document: Link
    explained: str


@dataclass(frozen=True)
class DraftPage:
    """A draft: where it stands, what is wrong in it, who writes it, what one may do with it."""

    template: ClassVar[str] = "edit/draft.html"
    title: str
    lang: str
    state: Mark
    explained: str
    note: str
    saved: str
    outdated: str
    waiting: Link | None
    ways: tuple[Link, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    lacks: tuple[Lack, ...]
    moves: tuple[Move, ...]
    authors: tuple[str, ...]
    co_authors: tuple[Option, ...]
    co_authors_url: str
    may_invite: bool
    wrong: str
    told: str
    storage: str
    preview: Preview


@dataclass(frozen=True)
class EditPage:
    """The editor: a form made from the table of fields, with help in writing."""

    template: ClassVar[str] = "edit/edit.html"
    title: str
    url: str
    draft: Link
    raw_url: str
    lang: str
    storage: str
    opened: str
    base: str
    groups: tuple[EntryGroup, ...]
    body: str
    headings: tuple[str, ...]
    sources: tuple[Option, ...]
    lists: tuple[tuple[str, tuple[Option, ...]], ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    body_errors: tuple[str, ...]
    body_warnings: tuple[str, ...]
    help: WritingHelp
    lacks: tuple[Lack, ...]
    preview: Preview | None
    saved: str
    told: str
    message: str


@dataclass(frozen=True)
class RawPage:
    """The whole file as text, for those who prefer it."""

    template: ClassVar[str] = "edit/raw.html"
    title: str
    url: str
    draft: Link
    form_url: str
    lang: str
    storage: str
    text: str
    base: str
    rows: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    saved: str
    told: str


@dataclass(frozen=True)
class PreviewFragment:
    """How the text will look."""

    template: ClassVar[str] = "edit/_preview.html"
    preview: Preview


@dataclass(frozen=True)
class HelpFragment:
    """Help in writing, anew for what is typed now."""

    template: ClassVar[str] = "edit/_help.html"
    help: WritingHelp


@dataclass(frozen=True)
class TermsFragment:
    """The terms of a picker that are called something like what is being typed."""

    template: ClassVar[str] = "edit/_found.html"
    name: str
    found: tuple[Option, ...]
    finding: str


PAGES = (
    HomePage,
    SearchPage,
    SuggestFragment,
    CasePage,
    IndexPage,
    GlossaryPage,
    TermPage,
    TextPage,
    ErrorPage,
    FormPage,
    ToldPage,
    GoOnPage,
    AccountPage,
    SecondStepPage,
    PeoplePage,
    MinePage,
    HistoryPage,
    RevisionPage,
    ComparePage,
    ChangesPage,
    GonePage,
    QueuePage,
    ConflictPage,
    NewPage,
    BeginPage,
    DraftPage,
    EditPage,
    RawPage,
    PreviewFragment,
    HelpFragment,
    TermsFragment,
)
Page = (
    HomePage
    | SearchPage
    | SuggestFragment
    | CasePage
    | IndexPage
    | GlossaryPage
    | TermPage
    | TextPage
    | ErrorPage
    | FormPage
    | ToldPage
    | GoOnPage
    | AccountPage
    | SecondStepPage
    | PeoplePage
    | MinePage
    | HistoryPage
    | RevisionPage
    | ComparePage
    | ChangesPage
    | GonePage
    | QueuePage
    | ConflictPage
    | NewPage
    | BeginPage
    | DraftPage
    | EditPage
    | RawPage
    | PreviewFragment
    | HelpFragment
    | TermsFragment
)
