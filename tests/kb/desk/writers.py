"""Several people who write at once, each in a thread; `python -m` makes a process of them.

`python -m tests.kb.desk.writers SETTINGS NAMES EDITS SLUGS` prints the hashes of all texts that
were sent and all lines that were put in, as JSON.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from indexer.head import split
from indexer.values import Key, revision_of
from kb.access import Person
from kb.records import journal, people
from kb.services import editing
from kb.services.desk import Desk
from kb.services.editing import StaleEdit
from kb.services.merging import settle
from kb.services.publishing import publish
from kb.settings import Settings
from tests import desks, factories
from tests.people import add_person

EDITOR = "Eva"
PATIENCE = 20  # times that one edit is joined with those of others before the test gives up


@dataclass
class Writer:
    """Somebody who puts lines of their own into texts, and notes what was sent."""

    desk: Desk
    name: str
    slugs: list[str]
    lines: dict[str, list[str]] = field(default_factory=dict)  # by slug
    sent: list[str] = field(default_factory=list)
    failure: BaseException | None = None

    def run(self, edits: int) -> None:
        """Make so many edits: half in drafts of one's own, half in shared ones."""
        try:
            chance = random.Random(self.name)
            me, eva = person(self.desk, self.name), person(self.desk, EDITOR)
            for number in range(edits):
                slug = chance.choice(self.slugs)
                line = f"{self.name} saw it, number {number}.\n"
                self.lines.setdefault(slug, []).append(line)
                if number % 2:
                    token = shared_draft(self.desk, slug)
                    self.write(me, editing.open_draft(self.desk, me, token), line, chance)
                else:
                    draft = editing.begin(self.desk, me, Key("case", slug))
                    self.write(me, draft, line, chance)
                    editing.submit(self.desk, me, draft.token)
                    self.publish(eva, draft.token)
        except BaseException as failure:
            self.failure = failure
            raise

    def write(self, me: Person, draft: journal.Draft, line: str, chance: random.Random) -> None:
        """Put a line at any place of the body, and save until it is in."""
        parts = split(draft.text)
        lines = parts.body.splitlines(keepends=True)
        lines.insert(chance.randrange(len(lines) + 1), line)
        text = parts.start + parts.head + parts.close + "".join(lines)
        self.sent.append(revision_of(text))
        try:
            editing.save(self.desk, me, draft.token, text, draft.hash, line)
        except StaleEdit as stale:
            self.choose(me, stale)

    def choose(self, who: Person, stale: StaleEdit) -> None:
        """Keep both texts at every place, until nobody was quicker."""
        for _ in range(PATIENCE):
            chosen = {c.marker: c.theirs + c.mine for c in stale.merged.conflicts}
            text = settle(stale.merged, chosen)
            self.sent.append(revision_of(text))
            try:
                editing.resolve(self.desk, who, stale.draft.token, text, stale.base)
            except StaleEdit as again:
                stale = again
            else:
                return
        raise AssertionError("others were always quicker")

    def publish(self, eva: Person, token: str) -> None:
        """Publish a draft; where others changed the same place, keep both."""
        for _ in range(PATIENCE):
            try:
                publish(self.desk, eva, token)
            except StaleEdit as stale:
                self.choose(eva, stale)
            else:
                return
        raise AssertionError("others were always quicker")


def person(desk: Desk, name: str) -> Person:
    """Somebody of this name."""
    with desk.database.reading() as connection:
        account = people.account_of(connection, f"{name.lower()}@example.org")
    assert account is not None
    return Person(account.id, account.name, account.email or "", account.role)


def shared_draft(desk: Desk, slug: str) -> str:
    """The draft of a case in which everybody may write: the editor's."""
    with desk.database.reading() as connection:
        drafts = journal.drafts_for(connection, Key("case", slug), ("draft",))
    return next(draft.token for draft in drafts if draft.owner == EDITOR)


def prepare(desk: Desk, names: list[str], cases: int) -> list[str]:
    """People, and cases with a shared draft each."""
    eva = add_person(desk.database, "editor", EDITOR, "eva@example.org")
    for name in names:
        add_person(desk.database, "contributor", name, f"{name.lower()}@example.org")
    slugs = [f"case-{number}" for number in range(cases)]
    for slug in slugs:
        body = factories.long_body(f"They met in {slug}.\n\nThey talked [1] [2].", 5)
        key = Key("case", slug)
        desks.by_hand(desk, key, factories.case_text("\n" + body, title=slug))
    desk.library.sync()
    for slug in slugs:
        draft = editing.begin(desk, eva, Key("case", slug))
        for name in names:
            editing.add_co_author(desk, eva, draft.token, f"{name.lower()}@example.org")
    return slugs


def write_at_once(desk: Desk, names: list[str], edits: int, slugs: list[str]) -> list[Writer]:
    """Let people write at the same time, each so many edits, and give what they did."""
    writers = [Writer(desk, name, slugs) for name in names]
    threads = [threading.Thread(target=one.run, args=(edits,)) for one in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failures = [one.failure for one in writers if one.failure is not None]
    if failures:
        raise failures[0]
    return writers


def main() -> None:
    """Write in a process of its own."""
    root, url, names, edits, slugs = sys.argv[1:]
    settings = Settings(content=Path(root) / "content", data=Path(root) / "data",
                        var=Path(root) / "var", database_url=url)  # fmt: skip
    with desks.opened(settings, started=False) as desk:
        done = write_at_once(desk, names.split(","), int(edits), slugs.split(","))
    print(json.dumps([{"lines": one.lines, "sent": one.sent} for one in done]))


if __name__ == "__main__":
    main()
