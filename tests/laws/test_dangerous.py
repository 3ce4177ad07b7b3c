"""What a careful reader looks for first: code that could run a text, and secrets left lying."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kb.app import ROOT

#: module -> what it may use of the list below, and why.
ALLOWED: Mapping[str, Mapping[str, str]] = {
    "indexer/lexical.py": {"pickle": "reads Whoosh's own records from the index in KB_VAR alone"},
    "kb/services/versioning.py": {"subprocess": "Git: no shell, no word that a person typed"},
    "kb/services/starting.py": {"subprocess": "`git init` for kb init"},
    "kb/services/bench/serving.py": {"subprocess": "kb bench starts the site itself"},
    "kb/house_markdown.py": {"xml": "makes elements for Python-Markdown, reads none"},
    "kb/present/feed.py": {"xml": "writes a feed, reads none"},
    "kb/present/alert_feed.py": {"xml": "writes a feed, reads none"},
    "kb/present/sitemap.py": {"xml": "writes a sitemap, reads none"},
    "kb/present/pack_embed.py": {"xml": "writes an answer of oEmbed, reads none"},
    "kb/present/pictures.py": {"xml": "writes drawings, reads none"},
    "kb/present/search_feed.py": {"xml": "writes a feed, reads none"},
    "kb/services/packing/cover.py": {"xml": "writes a drawing, reads none"},
    "kb/services/packing/fonts.py": {"subprocess": "asks fontconfig which fonts there are"},
    "kb/services/packing/pdf.py": {
        "subprocess": "draws books apart, which takes seconds and memory",
        "ctypes": "asks the loader which libraries there are, and loads none",
    },
    "kb/services/packing/texts.py": {"subprocess": "reads pictures of texts apart"},
    "kb/services/cleaning/apart.py": {"subprocess": "reads pictures and PDFs of strangers apart"},
}
MODULES = ("pickle", "marshal", "shelve", "dbm", "subprocess", "random", "ftplib", "telnetlib",
           "xml", "xmlrpc", "lxml", "cgi", "ctypes", "pty")  # fmt: skip
CALLS = ("eval", "exec", "compile", "__import__", "breakpoint", "input")
METHODS = ("system", "popen", "spawnl", "execv", "mktemp", "md5", "sha1", "unsafe_load",
           "full_load", "load_all", "_create_unverified_context", "from_string")  # fmt: skip


def sources() -> Iterator[Path]:
    for package in ("indexer", "kb"):
        yield from sorted((ROOT / package).rglob("*.py"))


def found_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield node.func.id
            elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                yield node.func.attr
            yield from _of_arguments(node)


def _of_arguments(node: ast.Call) -> Iterator[str]:
    for word in node.keywords:
        if word.arg == "shell" and getattr(word.value, "value", None) is not False:
            yield "shell"
        if word.arg == "verify" and getattr(word.value, "value", None) is False:
            yield "verify=False"


def test_nothing_that_could_run_a_text_is_used_but_where_it_is_told() -> None:
    dangerous = {*MODULES, *CALLS, *METHODS, "shell", "verify=False"}
    found = {
        str(path.relative_to(ROOT)): used
        for path in sources()
        if (used := set(found_in(path)) & dangerous)
    }
    assert found == {path: set(uses) for path, uses in ALLOWED.items()}


def test_no_query_is_put_together_from_texts() -> None:
    """SQL is SQLAlchemy's, or a constant."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ("exec_driver_sql", "text") and node.args:
                made = any(
                    isinstance(part, ast.JoinedStr | ast.BinOp) for part in ast.walk(node.args[0])
                )
                assert not made or node.func.attr == "text", f"{path}:{node.lineno}"


def test_markup_is_made_in_one_place() -> None:
    makers = [
        path for path in sources() if re.search(r"\bMarkup\(", path.read_text(encoding="utf-8"))
    ]
    assert [path.name for path in makers] == ["markup.py"]


SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    "a key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "a token of a forge": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,}|glpat-[\w-]{20})\b",
    "a token of a chat": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "a token of a registry": r"\b(?:pypi-AgE[\w-]{50,}|npm_[A-Za-z0-9]{36})\b",
    "a signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "an address with a password": r"\b[a-z+]{3,20}://[^/\s:@\"']+:[^/\s:@\"'{}<>]{3,}@[\w.-]+",
    "something called a secret": r"(?i)\b(?:api_?key|secret_?key|access_?token|client_?secret)\b"
    r"""["']?\s*[:=]\s*["'][\w+/=-]{16,}["']""",
}
#: Made up, and seen to be.
MADE_UP = (
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "hidden@host",
    "hidden@example",
    ":secret@",
    "user:pass",
    "me:hidden",
    "a:b@",
)
LARGEST = 2_000_000


def repository() -> Iterator[Path]:
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("this is no Git repository")
    for name in done.stdout.split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.stat().st_size < LARGEST:
            yield path


def test_no_secret_lies_in_the_repository() -> None:
    found = []
    for path in repository():
        if path == Path(__file__):
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        for what, pattern in SECRETS.items():
            for hit in re.finditer(pattern, text):
                if not any(word in hit[0] for word in MADE_UP):
                    found.append(f"{path.relative_to(ROOT)}: {what}: {hit[0][:40]}")
    assert found == []


def test_no_file_that_holds_secrets_lies_in_the_repository() -> None:
    names = [path.name for path in repository()]
    endings = (".pem", ".key", ".p12", ".pfx", ".sqlite", ".env", ".kdbx", ".eml")
    assert [name for name in names if name.endswith(endings) or name in ("secret", ".env")] == []
