"""The exact match on a sparse graph: as many seats as can be, by price, and then the least cost.

Orders want several different members, members have room for several orders, each pair at most once. That is no plain
assignment, and is made one: an order stands for as many rows as it wants people, a member for as many columns as they
have room; each row has a column of its own, to stay unserved in for the price. A pair where both sides stand for
several would be matched twice; it gets a row and a column of its own between them, that only one of its edges can use.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Graph:
    """Edges between orders and members, each pair once, each cost at least 1.

    ``seats`` and ``price`` are the orders': how many are wanted, and what each that stays unserved costs. ``room`` is
    the members'; each further order given to the same member costs ``step`` more than the one before.
    """

    order: Numbers
    member: Numbers
    cost: Numbers
    seats: Numbers
    price: Numbers
    room: Numbers
    step: int = 0


def solve(graph: Graph) -> Numbers:
    """The edges to use, by their place. The side with fewer copies makes the rows: each row is one search less."""
    if not graph.order.size:
        return np.zeros(0, np.int64)
    seats = np.minimum(graph.seats, np.bincount(graph.order, minlength=graph.seats.size))
    room = np.minimum(graph.room, np.bincount(graph.member, minlength=graph.room.size))
    if seats.sum() <= room.sum():
        rows = _Side(graph.order, seats, 0)
        columns = _Side(graph.member, room, graph.step)
        return _assign(rows, columns, graph.cost, graph.price)
    # The other way round each edge saves the price of its order; all are raised alike, so that none falls below 1.
    raised = np.full(graph.room.size, graph.price.max(initial=0) + 1, np.int64)
    rows, columns = _Side(graph.member, room, graph.step), _Side(graph.order, seats, 0)
    return _assign(rows, columns, graph.cost - graph.price[graph.order] + raised[0], raised)


@dataclass(frozen=True)
class _Side:
    """One end of the edges: ``node`` of each edge, how often each node may be used, and what each further use costs."""

    node: Numbers
    copies: Numbers
    step: int

    @property
    def first(self) -> Numbers:
        """The first copy of each node."""
        return np.cumsum(self.copies) - self.copies

    @property
    def owner(self) -> Numbers:
        """The node of each copy."""
        return np.repeat(np.arange(self.copies.size), self.copies)


def _assign(rows: _Side, columns: _Side, cost: Numbers, unserved: Numbers) -> Numbers:
    """The edges used, where each copy of a row is matched, if only to stay unserved.

    Columns: the copies, then one for each row to stay unserved in, then those between. Rows: the copies, those between.
    """
    usable = np.flatnonzero((rows.copies[rows.node] > 0) & (columns.copies[columns.node] > 0))
    edges = usable[np.argsort(rows.node[usable], kind="stable")]
    several = (rows.copies[rows.node[edges]] > 1) & (columns.copies[columns.node[edges]] > 1)
    between = edges[several]
    row_count, column_count = rows.owner.size, columns.owner.size
    own = np.full(edges.size, -1)
    own[several] = column_count + row_count + np.arange(between.size)

    sees = np.bincount(rows.node[edges], minlength=rows.copies.size)
    at, row = _ranges((np.cumsum(sees) - sees)[rows.owner], sees[rows.owner])
    wide = np.where(several, 1, columns.copies[columns.node[edges]])
    column, again = _ranges(np.where(several, own, columns.first[columns.node[edges]])[at], wide[at])
    at, row = at[again], row[again]
    number = column - np.where(several, own, columns.first[columns.node[edges]])[at]
    weight = cost[edges[at]] + (row - rows.first[rows.owner[row]]) * rows.step + number * columns.step
    copies = _Lines(row, column, weight, row_count).ended(column_count + np.arange(row_count), unserved[rows.owner])

    wide = columns.copies[columns.node[between]]
    column, at = _ranges(columns.first[columns.node[between]], wide)
    number = column - columns.first[columns.node[between]][at]
    pairs = _Lines(at, column, number * columns.step + 1, between.size).ended(
        own[several], np.ones(between.size, np.int64)
    )

    matrix = _stacked(copies, pairs, column_count + row_count + between.size)
    matched, chosen = (part.astype(np.int64) for part in min_weight_full_bipartite_matching(matrix))
    return _used(matched, chosen, rows, columns, edges, between)


def _used(row: Numbers, column: Numbers, rows: _Side, columns: _Side, edges: Numbers, between: Numbers) -> Numbers:
    """Back from copies to edges: by the nodes of both ends, or by the column between them."""
    row_count, column_count = rows.owner.size, columns.owner.size
    of_copies = row < row_count
    row, column = row[of_copies], column[of_copies]
    plain = column < column_count
    key = rows.node[edges] * columns.copies.size + columns.node[edges]
    order = np.argsort(key)
    pair = rows.owner[row[plain]] * columns.copies.size + columns.owner[column[plain]]
    own = column[column >= column_count + row_count] - column_count - row_count
    return np.sort(np.concatenate((edges[order[np.searchsorted(key, pair, sorter=order)]], between[own])))


@dataclass(frozen=True)
class _Lines:
    """Entries of a matrix, row after row."""

    row: Numbers
    column: Numbers
    weight: Numbers
    rows: int

    def ended(self, column: Numbers, weight: Numbers) -> "_Lines":
        """With one more entry at the end of each row."""
        size = self.row.size + self.rows
        last = np.cumsum(np.bincount(self.row, minlength=self.rows)) + np.arange(self.rows)
        rest = np.ones(size, bool)
        rest[last] = False
        all_columns, all_weights, all_rows = (np.empty(size, np.int64) for _ in range(3))
        all_columns[last], all_weights[last], all_rows[last] = column, weight, np.arange(self.rows)
        all_columns[rest], all_weights[rest], all_rows[rest] = self.column, self.weight, self.row
        return _Lines(all_rows, all_columns, all_weights, self.rows)


def _stacked(above: _Lines, below: _Lines, width: int) -> Any:
    """The sparse matrix of both; made row by row, since sorting the entries would take longer than solving."""
    counts = np.concatenate([np.bincount(part.row, minlength=part.rows) for part in (above, below)])
    ends = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    weights = np.concatenate((above.weight, below.weight)).astype(float)
    indices = np.concatenate((above.column, below.column)).astype(np.int32)
    return csr_array((weights, indices, ends), shape=(counts.size, width))


def _ranges(first: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """The numbers from ``first[i]`` on, ``sizes[i]`` of them, for one i after the other; and the i of each."""
    at = np.repeat(np.arange(sizes.size), sizes)
    return first[at] + np.arange(at.size) - (np.cumsum(sizes) - sizes)[at], at
