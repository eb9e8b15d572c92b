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
        return np.concatenate(([0], np.cumsum(self.copies)[:-1]))

    def spread(self, edges: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """For each copy of the nodes of these edges: the place in *edges*, the copy, what it costs more."""
        copies = self.copies[self.node[edges]]
        at = np.repeat(np.arange(edges.size), copies)
        number = np.arange(at.size) - np.repeat(np.cumsum(copies) - copies, copies)
        return at, self.first[self.node[edges]][at] + number, number * self.step


def _assign(rows: _Side, columns: _Side, cost: Numbers, unserved: Numbers) -> Numbers:
    """The edges used, where each copy of a row is matched, if only to stay unserved."""
    usable = np.flatnonzero((rows.copies[rows.node] > 0) & (columns.copies[columns.node] > 0))
    several = (rows.copies[rows.node[usable]] > 1) & (columns.copies[columns.node[usable]] > 1)
    plain, between = usable[~several], usable[several]
    row_count, column_count = int(rows.copies.sum()), int(columns.copies.sum())
    found: list[tuple[Any, Any, Any]] = []
    at, row, dearer = rows.spread(plain)
    again, column, more = columns.spread(plain[at])
    found.append((row[again], column, cost[plain[at]][again] + dearer[again] + more))
    owner = np.repeat(np.arange(rows.copies.size), rows.copies)
    found.append((np.arange(row_count), column_count + np.arange(row_count), unserved[owner]))
    if between.size:
        own_row = row_count + np.arange(between.size)
        own_column = column_count + row_count + np.arange(between.size)
        at, row, dearer = rows.spread(between)
        found.append((row, own_column[at], cost[between[at]] + dearer))
        found.append((own_row, own_column, np.ones(between.size, np.int64)))
        at, column, more = columns.spread(between)
        found.append((own_row[at], column, more + 1))
    row, column, weight = (np.concatenate(part) for part in zip(*found, strict=True))
    shape = (row_count + between.size, column_count + row_count + between.size)
    matched = min_weight_full_bipartite_matching(csr_array((weight.astype(float), (row, column)), shape=shape))
    return _used(matched, rows, columns, plain, between)


def _used(matched: Any, rows: _Side, columns: _Side, plain: Numbers, between: Numbers) -> Numbers:
    """Back from copies to edges: a plain edge by the nodes of its ends, one between by its own column."""
    row, column = (part.astype(np.int64) for part in matched)
    row_count, column_count = int(rows.copies.sum()), int(columns.copies.sum())
    of_nodes = row < row_count
    row, column = row[of_nodes], column[of_nodes]
    left = np.repeat(np.arange(rows.copies.size), rows.copies)[row]
    by_pair = column < column_count
    right = np.repeat(np.arange(columns.copies.size), columns.copies)[column[by_pair]]
    width = columns.copies.size
    key = rows.node[plain] * width + columns.node[plain]
    order = np.argsort(key)
    places = np.searchsorted(key, left[by_pair] * width + right, sorter=order)
    own = column[column >= column_count + row_count] - column_count - row_count
    return np.sort(np.concatenate((plain[order[places]] if plain.size else plain, between[own])))
