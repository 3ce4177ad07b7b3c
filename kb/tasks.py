"""The one table of background work: what there is to do, how often, and who writes the letters."""

from __future__ import annotations

from datetime import timedelta

from kb.present.alert_letters import alert_letter
from kb.present.book import book_of
from kb.present.notices import notice_letter
from kb.records import jobs, notices
from kb.records.database import now
from kb.services import (
    attaching,
    digests,
    due,
    link_checks,
    links,
    mail,
    resending,
    searches,
    telling,
    watching,
)
from kb.services.desk import Desk
from kb.services.notices import TELL
from kb.services.packing import shelf
from kb.services.packs import NoSuchPack
from kb.services.reading import CaseWithdrawn, Moved
from kb.services.work import More, Task, Tasks

#: How long it is remembered what was done, what failed, and what people were told.
KEPT = timedelta(days=30)
#: How long it is remembered that work which comes back every few minutes was done.
KEPT_OFTEN = timedelta(days=1)


def tell(desk: Desk, person: int) -> str:
    """Sends one letter with all that is due for a person."""
    return digests.tell(desk, notice_letter, person)


def check_links(desk: Desk) -> More | str:
    """Asks some of tonight's share of addresses whether they are still there."""
    left = link_checks.check_links(desk)
    return More(f"{left} links left to be asked tonight") if left else ""


def remind(desk: Desk) -> str:
    """Reminds people of their cases that are due for another look."""
    done = due.remind(desk)
    return f"{len(done)} reminders written" if done else ""


def sweep(desk: Desk) -> str:
    """Forgets what was done long ago."""
    at = now()
    often = [name for name, task in TASKS.items() if task.every and task.every < KEPT_OFTEN]
    with desk.database.writing() as connection:
        gone = jobs.sweep(connection, at - KEPT)
        gone += jobs.sweep_done(connection, often, at - KEPT_OFTEN)
        told = notices.sweep(connection, at - KEPT)
    return f"{gone} jobs, {told} notices forgotten" if gone or told else ""


def look_at_searches(desk: Desk) -> object:
    """Looks at what is new in saved searches; goes on at once where there are more of them."""
    looked = watching.look_at_searches(desk)
    return More(looked) if looked.left else looked


def tell_alerts(desk: Desk) -> str:
    """Sends the letters about what saved searches found that are due."""
    return telling.tell_alerts(desk, alert_letter)


def make_of_pack(desk: Desk, slug: str, lang: str, suffix: str, edition: str) -> str:
    """Makes a file of a pack that somebody waits for; a pack that is gone needs none."""
    try:
        return shelf.make_wanted(desk, book_of, shelf.Wish(slug, lang, suffix, edition))
    except (NoSuchPack, Moved, CaseWithdrawn):
        return ""


#: name of the task -> what is run. A single job is added with `kb.records.jobs.add`.
TASKS: Tasks = {
    mail.TASK: Task(mail.deliver),
    TELL: Task(tell),
    "digests": Task(digests.plan_digests, every=timedelta(minutes=15)),
    "outbox": Task(resending.send_again, every=timedelta(minutes=1)),
    "links": Task(check_links, every=timedelta(days=1)),
    links.ASK_AGAIN: Task(link_checks.ask_again),
    "reminders": Task(remind, every=timedelta(days=1)),
    "alerts": Task(look_at_searches, every=timedelta(hours=1)),
    "alert letters": Task(tell_alerts, every=timedelta(minutes=15)),
    "searches": Task(searches.forget_searches, every=timedelta(days=1)),
    shelf.TASK: Task(make_of_pack),
    "sweep": Task(sweep, every=timedelta(days=1)),
    "attachments": Task(attaching.sweep_attachments, every=timedelta(days=1)),
}
