"""The locks of a desk, across threads and processes: around publishing, and around files given."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from filelock import FileLock, Timeout

from kb.services import metering
from kb.services.desk import PRIVATE
from kb.services.office import Office

#: Seconds that somebody waits for those before: publishing takes about a quarter of a second, and
#: cleaning a file two.
PATIENCE = 30.0


class PublishingBusy(Exception):
    """Others are publishing and did not finish in time; nothing was changed."""


class AttachingBusy(Exception):
    """Others are giving files and did not finish in time; nothing was changed."""


def publish_lock(desk: Office) -> AbstractContextManager[None]:
    """Be the only one who replaces files of the content; raises PublishingBusy.

    It is let go when the process ends, however that happens. Whoever holds it does not ask again.
    """
    return _locked(desk, "publish", PublishingBusy)


def attach_lock(desk: Office) -> AbstractContextManager[None]:
    """Be the only one who changes the folder of attachments; raises AttachingBusy.

    Whoever holds the publish lock may ask for this one too, and never the other way round.
    """
    return _locked(desk, "attachments", AttachingBusy)


def cleaning_lock(desk: Office) -> AbstractContextManager[None]:
    """Be the only one for whom a file is cleaned, which needs much memory; raises AttachingBusy."""
    return _locked(desk, "cleaning", AttachingBusy)


@contextmanager
def _locked(desk: Office, name: str, busy: type[Exception]) -> Iterator[None]:
    desk.settings.data.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    lock = FileLock(desk.settings.data / f"{name}.lock", timeout=PATIENCE)
    began = time.monotonic()
    try:
        lock.acquire()
    except Timeout:
        metering.refused(name)
        raise busy from None
    metering.waited(name, time.monotonic() - began)
    try:
        yield
    finally:
        lock.release()
