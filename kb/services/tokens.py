"""Secrets that nobody can guess, and the hashes by which the database knows them."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from itsdangerous import Signer

#: Letters and digits of recovery codes, without those that look alike.
CLEAR = "23456789abcdefghjkmnpqrstuvwxyz"


def new_token() -> str:
    """256 random bits that can stand in an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """SHA-256 in hex: enough for what is random, and all that the database keeps."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_code() -> str:
    """A recovery code that can be written down: 12 letters and digits, 59 random bits."""
    return "-".join("".join(secrets.choice(CLEAR) for _ in range(4)) for _ in range(3))


def signing_key(folder: Path) -> bytes:
    """The secret of this desk in `folder`/secret, made at the first time; nobody else may read it.

    Several processes that ask at once get the same.
    """
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".secret-{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # unlike a rename, this fails when another process was first
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


def signer(folder: Path, salt: bytes) -> Signer:
    """What signs with the secret of this desk, for one purpose, which `salt` names."""
    return Signer(
        signing_key(folder), salt=salt, key_derivation="hmac", digest_method=hashlib.sha256
    )
