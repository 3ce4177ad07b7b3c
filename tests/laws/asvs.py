"""The numbers of the OWASP Application Security Verification Standard 4.0.3, by level.

From its list of requirements (CC BY-SA 3.0, OWASP Foundation): those of levels 1 and 2 that were
not deleted. "3.4.1-5" stands for 3.4.1 to 3.4.5.
"""

from __future__ import annotations

from collections.abc import Iterator

FIRST = """
2.1.1-12 2.2.1-3 2.3.1 2.5.1-6 2.7.1-4 2.8.1 3.1.1 3.2.1-3 3.3.1-2 3.4.1-5 3.7.1 4.1.1-3 4.1.5
4.2.1-2 4.3.1-2 5.1.1-5 5.2.1-8 5.3.1-10 5.5.1-4 6.2.1 7.1.1-2 7.4.1 8.2.1-3 8.3.1-4 9.1.1-3
10.3.1-3 11.1.1-5 12.1.1 12.3.1-5 12.4.1-2 12.5.1-2 12.6.1 13.1.1 13.1.3 13.2.1-3 13.3.1 14.2.1-3
14.3.2-3 14.4.1-7 14.5.1-3
"""
SECOND = """
1.1.1-7 1.2.1-4 1.4.1 1.4.4-5 1.5.1-4 1.6.1-4 1.7.1-2 1.8.1-2 1.9.1-2 1.10.1 1.11.1-2 1.12.2
1.14.1-6 2.3.2-3 2.4.1-6 2.5.7 2.6.1-3 2.7.5-6 2.8.2-7 2.9.1-3 2.10.1-4 3.2.4 3.3.3-4 3.5.1-3 4.3.3
5.4.1-3 6.1.1-3 6.2.2-6 6.3.1-2 6.4.1-2 7.1.3-4 7.2.1-2 7.3.1 7.3.3-4 7.4.2-3 8.1.1-4 8.3.5-8
9.2.1-4 10.2.1-2 11.1.6-8 12.1.2-3 12.2.1 12.3.6 13.1.4-5 13.2.5-6 13.3.2 13.4.1-2 14.1.1-4
14.2.4-6 14.5.4
"""


def numbers(text: str) -> Iterator[str]:
    """Every number of a list."""
    for word in text.split():
        start, _, end = word.partition("-")
        part, _, first = start.rpartition(".")
        for number in range(int(first), int(end or first) + 1):
            yield f"{part}.{number}"


#: number -> the level from which it counts.
LEVELS = dict.fromkeys(numbers(FIRST), 1) | dict.fromkeys(numbers(SECOND), 2)
