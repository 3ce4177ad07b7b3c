"""Make kb/services/common_passwords.bin of a list of passwords, the most used first.

    python tools/make_common_passwords.py 10-million-password-list-top-1000000.txt

The list that was used is that of Mark Burnett's ten million passwords (given to the public domain
in 2015), the million most used, as SecLists (MIT) has it under Passwords/Common-Credentials. Those
too short for kb.services.passwords are left out, which leaves some 44,000. What is kept of each is
a piece of a hash: enough to know it again, with no list of other people's words in the house.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kb.services.common_passwords import FILE, piece_of
from kb.services.passwords import LONGEST, SHORTEST


def main() -> None:
    """Write the file."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace").split("\n")
    fitting = {line.casefold() for line in lines if SHORTEST <= len(line) <= LONGEST}
    pieces = sorted({piece_of(password) for password in fitting})
    FILE.write_bytes(b"".join(pieces))
    print(f"{len(pieces)} of {len(lines)} passwords, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
