"""`python -m tests.load`: put the site under load, and print the figures."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path

from tests.load.figures import figures, table
from tests.load.running import Load, run
from tests.load.site import postgresql


def main() -> int:
    """Run as the words of the command line say; 1 where something was wrong."""
    usual = Load()
    words = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    words.add_argument("--seconds", type=float, default=usual.seconds)
    words.add_argument("--writers", type=int, default=usual.writers)
    words.add_argument("--readers", type=int, default=usual.readers)
    words.add_argument("--editors", type=int, default=usual.editors)
    words.add_argument("--think", type=float, default=usual.think,
                       help="seconds between two pages of a reader; twice a writer's")  # fmt: skip
    words.add_argument("--workers", type=int, default=usual.workers, help="server processes")
    words.add_argument("--content", type=Path, default=usual.content)
    words.add_argument("--database", default="",
                       help="a URL, or `postgresql` for one of its own; else SQLite")  # fmt: skip
    words.add_argument("--no-backup", action="store_true", help="make none in the middle")
    words.add_argument("--json", action="store_true", help="print data instead of a table")
    given = words.parse_args()
    own = postgresql() if given.database == "postgresql" else nullcontext(given.database)
    with own as database:
        load = Load(given.seconds, given.writers, given.readers, given.editors, given.think,
                    given.workers, not given.no_backup, database, given.content)  # fmt: skip
        found = figures(run(load))
    print(json.dumps(found, indent=2) if given.json else table(found))
    for wrong in found["wrong"][:50]:
        print(wrong, file=sys.stderr)
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
