"""The same texts and questions through other engines: tantivy, SQLite FTS5, plain Whoosh."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from indexer.document import parse
from indexer.indexing import Progress
from indexer.plain import plain_text
from indexer.store import Store
from kb.services.bench.timing import Times, times

#: Questions put to Whoosh's own scorer, which is slow.
WHOOSH_QUERIES = 60
BEST = 10

Text = tuple[str, str]


def texts_of(content: Path) -> list[Text]:
    """Return the title and the plain text of every case, as all engines get them."""
    store = Store(content)
    found = []
    for key in store.keys("case"):
        document = parse(key, store.read(key))
        front = document.front
        body = f"{front.get('summary') or ''}\n{plain_text(document.body)}"
        found.append((str(front.get("title") or ""), body))
    return found


def measure(content: Path, questions: Sequence[str], progress: Progress) -> dict[str, Times]:
    """Return each engine's times for its ten best by BM25, any word sufficing.

    An engine that is not installed is left out. Indexes lie in memory or in a temporary folder.
    """
    texts = texts_of(content)
    found = {}
    engines = {"tantivy": _tantivy, "SQLite FTS5": _fts5, "Whoosh": _whoosh}
    for number, (name, engine) in enumerate(engines.items()):
        progress(f"peers: {name}", number, len(engines))
        try:
            found[name] = engine(texts, questions)
        except ImportError:
            continue
    progress("peers", len(engines), len(engines))
    return found


def _tantivy(texts: Iterable[Text], questions: Sequence[str]) -> Times:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(heap_size=128_000_000, num_threads=1)
    for title, body in texts:
        writer.add_document(tantivy.Document(text=f"{title}\n{body}"))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    return times(
        lambda question: searcher.search(index.parse_query(question, ["text"]), BEST).hits,
        questions,
    )


def _fts5(texts: Iterable[Text], questions: Sequence[str]) -> Times:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE doc USING fts5(text, tokenize='porter unicode61')")
        rows = ((f"{title}\n{body}",) for title, body in texts)
        database.executemany("INSERT INTO doc (text) VALUES (?)", rows)
        database.execute("INSERT INTO doc (doc) VALUES ('optimize')")
        sql = "SELECT rowid FROM doc WHERE doc MATCH ? ORDER BY rank LIMIT 10"

        def ask(question: str) -> list[tuple[int]]:
            either = " OR ".join(f'"{word}"' for word in question.split())
            return database.execute(sql, (either,)).fetchall()

        return times(ask, questions)


def _whoosh(texts: Iterable[Text], questions: Sequence[str]) -> Times:
    from whoosh import analysis, fields, index, query

    with tempfile.TemporaryDirectory() as folder:
        schema = fields.Schema(text=fields.TEXT(analyzer=analysis.StemmingAnalyzer()))
        made = index.create_in(folder, schema)
        writer = made.writer(limitmb=256)
        for title, body in texts:
            writer.add_document(text=f"{title}\n{body}")
        writer.commit(optimize=True)
        analyzer = schema["text"].analyzer
        with made.searcher() as searcher:  # scored by its BM25F, the default

            def ask(question: str) -> object:
                terms = dict.fromkeys(token.text for token in analyzer(question))
                either = query.Or([query.Term("text", term) for term in terms])
                return searcher.search(either, limit=BEST)

            return times(ask, questions[:WHOOSH_QUERIES])
