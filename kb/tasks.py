"""The one table of background work: what there is to do, how often, and who writes the letters."""

from __future__ import annotations

from datetime import timedelta

from kb.present.notices import notice_letter
from kb.records import jobs, notices
from kb.records.database import now
from kb.services import digests, mail, resending
from kb.services.desk import Desk
from kb.services.notices import TELL
from kb.services.work import Task, Tasks

#: How long it is remembered what was done, what failed, and what people were told.
KEPT = timedelta(days=30)
#: How long it is remembered that work which comes back every few minutes was done.
KEPT_OFTEN = timedelta(days=1)


def tell(desk: Desk, person: int) -> str:
    """Sends one letter with all that is due for a person."""
    return digests.tell(desk, notice_letter, person)


def sweep(desk: Desk) -> str:
    """Forgets what was done long ago."""
    at = now()
    often = [name for name, task in TASKS.items() if task.every and task.every < KEPT_OFTEN]
    with desk.database.writing() as connection:
        gone = jobs.sweep(connection, at - KEPT)
        gone += jobs.sweep_done(connection, often, at - KEPT_OFTEN)
        told = notices.sweep(connection, at - KEPT)
    return f"{gone} jobs, {told} notices forgotten" if gone or told else ""


#: name of the task -> what is run. A single job is added with `kb.records.jobs.add`.
TASKS: Tasks = {
    mail.TASK: Task(mail.deliver),
    TELL: Task(tell),
    "digests": Task(digests.plan_digests, every=timedelta(minutes=15)),
    "outbox": Task(resending.send_again, every=timedelta(minutes=1)),
    "sweep": Task(sweep, every=timedelta(days=1)),
}
