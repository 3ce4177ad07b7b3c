"""The one lock around publishing, purging and reconciling, across threads and processes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from kb.services import metering
from kb.services.desk import PRIVATE
from kb.services.office import Office

#: Seconds that somebody waits for those before: publishing takes about a quarter of a second.
PATIENCE = 30.0


class PublishingBusy(Exception):
    """Others are publishing and did not finish in time; nothing was changed."""


@contextmanager
def publish_lock(desk: Office) -> Iterator[None]:
    """Be the only one who replaces files of the content; raises PublishingBusy.

    It is let go when the process ends, however that happens. Whoever holds it does not ask again.
    """
    desk.settings.data.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    lock = FileLock(desk.settings.data / "publish.lock", timeout=PATIENCE)
    began = time.monotonic()
    try:
        lock.acquire()
    except Timeout:
        metering.refused()
        raise PublishingBusy from None
    metering.waited(time.monotonic() - began)
    try:
        yield
    finally:
        lock.release()
