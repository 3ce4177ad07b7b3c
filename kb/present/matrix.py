"""The page of the matrix: any facet by any facet, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.narrowing import within
from indexer.query import Query
from indexer.vocabulary import WORLD
from kb.pages.atlas import MatrixPage
from kb.pieces.atlas import ColumnHead, MatrixCell, MatrixRow
from kb.pieces.common import Link, Option
from kb.present.atlas import asked_of, files, found_url, searched, wish
from kb.present.filters import ORDER, facet_title, value_label
from kb.present.hits import cases_label
from kb.present.links import absolute, contribute_url, matrix_url
from kb.present.words import Reader
from kb.present.world import level_of, steps, steps_of
from kb.services.cells import csv_lines
from kb.services.crossing import AREAS, GROUPS, Axis, Matrix
from kb.translation import gettext as _
from kb.translation import ngettext

BY_NAME = "name"
#: Facets whose terms are known by their number, and stand in that order.
NUMBERED = ("sdg", "action_line")


def axis_title(axis: Axis, reader: Reader) -> str:
    """What the rows or columns are."""
    facet, _dot, part = axis.name.partition(".")
    return _part_title(part, reader) if facet == "region" else facet_title(axis.facet)


def _part_title(part: str, reader: Reader) -> str:
    if part in ("", WORLD):
        return _("Continents")
    if part == AREAS:
        return _("Smaller regions")
    if part == GROUPS:
        return _("Groups of countries")
    return reader.label("regions", part)


def ordered(matrix: Matrix, reader: Reader) -> Matrix:
    """The matrix with its values by name where that was asked for."""
    if matrix.order != BY_NAME:
        return matrix
    return replace(matrix, rows=_by_name(matrix.rows, reader),
                   columns=_by_name(matrix.columns, reader))  # fmt: skip


def _by_name(axis: Axis, reader: Reader) -> Axis:
    def place(value: str) -> tuple[int, str]:
        number = "".join(filter(str.isdigit, value)) if axis.facet in NUMBERED else ""
        return int(number or 0), value_label(axis.facet, value, reader).casefold()

    return replace(axis, values=tuple(sorted(axis.values, key=place)))


def matrix_page(matrix: Matrix, reader: Reader) -> MatrixPage:
    """All that the page of the matrix shows."""
    matrix = ordered(matrix, reader)
    tally, rows, columns = matrix.tally, matrix.rows, matrix.columns
    query = tally.query
    more = {"order": matrix.order} if matrix.order else {}
    begins = steps_of(tally.cells.values())
    caption = title_of(matrix, reader)
    return MatrixPage(
        title=caption,
        canonical=absolute(matrix_url(query, rows.name, columns.name)),
        asked=asked_of(tally, "matrix", reader, rows=rows.name, cols=columns.name, **more),
        total=tally.total,
        told=cases_label(tally.total),
        caption=caption,
        row_choices=tuple(_choices("rows", rows, reader)),
        column_choices=tuple(_choices("cols", columns, reader)),
        turned_url=matrix_url(query, columns.name, rows.name),
        orders=tuple(_orders(matrix)),
        columns=tuple(_column_heads(matrix, reader)),
        all=_row(matrix, "", begins, reader),
        rows=tuple(_row(matrix, value, begins, reader) for value in rows.values),
        steps=steps(begins, max(tally.cells.values(), default=0), reader),
        left_out=left_out(matrix),
        files=files(lambda suffix: matrix_url(query, rows.name, columns.name, suffix, **more)),
    )


def title_of(matrix: Matrix, reader: Reader) -> str:
    """What the table tells."""
    return _(
        "Cases by %(rows)s and %(columns)s",
        rows=axis_title(matrix.rows, reader).casefold(),
        columns=axis_title(matrix.columns, reader).casefold(),
    )


def _choices(name: str, axis: Axis, reader: Reader) -> Iterator[Option]:
    """What rows or columns may be: each facet, the parts of the region tree, the part shown."""
    for facet in ORDER:
        parts = ("region", f"region.{AREAS}", f"region.{GROUPS}") if facet == "region" else (facet,)
        shown = axis.name not in parts and axis.name.startswith("region.") and facet == "region"
        for value in (*parts, axis.name) if shown else parts:
            label = facet_title(facet)
            if facet == "region":
                label = f"{label}: {_part_title(value.partition('.')[2], reader)}"
            yield Option(f"{name}-{value}", value, label, selected=value == axis.name)


def _orders(matrix: Matrix) -> Iterator[Link]:
    query, names = matrix.tally.query, (matrix.rows.name, matrix.columns.name)
    yield Link(_("most cases first"), matrix_url(query, *names), current=not matrix.order)
    by_name = matrix_url(query, *names, order=BY_NAME)
    yield Link(_("by name"), by_name, current=matrix.order == BY_NAME)


def _column_heads(matrix: Matrix, reader: Reader) -> Iterator[ColumnHead]:
    query, rows, columns = matrix.tally.query, matrix.rows, matrix.columns
    for value in columns.values:
        yield ColumnHead(
            label=value_label(columns.facet, value, reader),
            sort_url=matrix_url(query, rows.name, columns.name, order=value),
            sorted=matrix.order == value,
            parts_url=matrix_url(query, rows.name, f"region.{value}")
            if _has_parts(columns, value, reader) else "",
        )  # fmt: skip


def _has_parts(axis: Axis, value: str, reader: Reader) -> bool:
    """Whether a region can be opened, into its parts or its countries."""
    if axis.facet != "region":
        return False
    tree = reader.vocabularies.regions
    return bool(tree.children(value) or (value in tree and tree[value].extra.get("countries")))


def _row(matrix: Matrix, row: str, begins: Sequence[int], reader: Reader) -> MatrixRow:
    """A row, that of all cases where `row` is ""."""
    rows, columns, query = matrix.rows, matrix.columns, matrix.tally.query
    label = value_label(rows.facet, row, reader) if row else _("All")
    parts = row and _has_parts(rows, row, reader)
    counts = matrix.tally.counts[columns.facet]
    return MatrixRow(
        label=label,
        parts_url=matrix_url(query, f"region.{row}", columns.name) if parts else "",
        total=_cell(matrix, [(rows.facet, row)] if row else [], _total(matrix, row), 0, reader),
        cells=tuple(
            _cell(
                matrix,
                [(rows.facet, row), (columns.facet, column)] if row else [(columns.facet, column)],
                number := matrix.count(row, column) if row else counts.get(column, 0),
                level_of(number, begins) if row else 0,
                reader,
            )
            for column in columns.values
        ),
    )


def _total(matrix: Matrix, row: str) -> int:
    return matrix.tally.counts[matrix.rows.facet].get(row, 0) if row else matrix.tally.total


def _cell(
    matrix: Matrix, pairs: Sequence[tuple[str, str]], number: int, level: int, reader: Reader
) -> MatrixCell:
    """A number with the search that shows its cases; where there is none, the way to write one."""
    about = reader.listed(value_label(facet, value, reader) for facet, value in pairs)
    query: Query | None = searched(matrix.tally)
    if not number:
        wanted = wish(matrix.tally.query)
        for facet, value in pairs:
            wanted = wanted.with_value(facet, value)
        return MatrixCell("", contribute_url(wanted), about, 0)
    for facet, value in pairs:
        query = within(query, facet, value, reader.vocabularies.regions) if query else None
    return MatrixCell(
        reader.number(number), found_url(query) if query else "", about or _("all cases"), level
    )


def left_out(matrix: Matrix) -> str:
    """What is not shown of a matrix; "" where all of it is."""
    parts = []
    if matrix.more_rows:
        parts.append(ngettext("%(num)s more row", "%(num)s more rows", matrix.more_rows))
    if matrix.more_columns:
        parts.append(ngettext("%(num)s more column", "%(num)s more columns", matrix.more_columns))
    if not parts:
        return ""
    return _("%(what)s with fewer cases: all are in the CSV file.", what=_(" and ").join(parts))


def matrix_csv(matrix: Matrix, reader: Reader) -> Iterator[str]:
    """The matrix as a table, whole: a row for each value, its total, the number in each column."""
    matrix = ordered(matrix, reader)
    rows, columns, tally = matrix.rows, matrix.columns, matrix.tally
    head = (
        axis_title(rows, reader),
        _("All"),
        *(value_label(columns.facet, value, reader) for value in columns.values),
    )
    counts = tally.counts[columns.facet]
    lines: list[tuple[object, ...]] = [
        (_("All"), tally.total, *(counts.get(value, 0) for value in columns.values))
    ]
    lines += [
        (
            value_label(rows.facet, value, reader),
            _total(matrix, value),
            *(matrix.count(value, column) for column in columns.values),
        )
        for value in rows.values
    ]
    return csv_lines(head, lines)
