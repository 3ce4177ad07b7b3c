"""The process that makes a picture of a text one of a book: WIDEST, the file on the standard input.

It answers with a line, jpeg or png, and the picture behind it. Pictures were given by people, so
that they are read apart from the site, with little to lose.
"""

from __future__ import annotations

import io
import sys

from kb.services.cleaning.__main__ import restrict


def repainted(data: bytes, widest: int) -> tuple[str, bytes]:
    """The kind of the picture and its bytes: PNG where it lets light through, else JPEG."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        image.thumbnail((widest, widest * 2))
        clear = "A" in image.getbands() or "transparency" in image.info
        out = io.BytesIO()
        if clear:
            image.convert("RGBA").save(out, "PNG", optimize=True)
        else:
            image.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
    return "png" if clear else "jpeg", out.getvalue()


def main() -> None:
    """Read, make, answer."""
    data = sys.stdin.buffer.read()
    restrict()
    kind, made = repainted(data, int(sys.argv[1]))
    sys.stdout.buffer.write(kind.encode() + b"\n" + made)


if __name__ == "__main__":
    main()
