"""The same graph given to OR-Tools' min-cost flow, and what any solution of it costs."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from services.volunteers.adapters.solver import Graph, Numbers


def by_flow(graph: Graph) -> tuple[int, int]:
    """How many seats OR-Tools fills, and at what cost."""
    orders, members = graph.seats.size, graph.room.size
    flow = SimpleMinCostFlow()
    first_order, first_member = 2, 2 + orders
    every_order = np.arange(first_order, first_member)
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        graph.order + first_order, graph.member + first_member, np.ones_like(graph.order), graph.cost
    )
    flow.add_arcs_with_capacity_and_unit_cost(np.zeros(orders, int), every_order, graph.seats, np.zeros(orders, int))
    flow.add_arcs_with_capacity_and_unit_cost(every_order, np.ones(orders, int), graph.seats, graph.price)
    places = np.repeat(np.arange(members), graph.room)
    further = np.arange(places.size) - np.repeat(np.cumsum(graph.room) - graph.room, graph.room)
    flow.add_arcs_with_capacity_and_unit_cost(
        places + first_member, np.ones_like(places), np.ones_like(places), further * graph.step
    )
    wanted = int(graph.seats.sum())
    flow.set_nodes_supplies(np.array([0, 1]), np.array([wanted, -wanted]))
    if flow.solve() != flow.OPTIMAL:
        raise ValueError("the peer found no flow")
    return int(flow.flows(pairs).sum()), flow.optimal_cost()


def weighed(graph: Graph, used: Numbers) -> tuple[int, int]:
    """How many seats these edges fill, and at what cost; raises ValueError where they are no match."""
    seats = np.bincount(graph.order[used], minlength=graph.seats.size)
    room = np.bincount(graph.member[used], minlength=graph.room.size)
    if np.unique(used).size < used.size or (seats > graph.seats).any() or (room > graph.room).any():
        raise ValueError("more seats than there are, or more room")
    dearer = (room * (room - 1) // 2 * graph.step).sum()
    unserved = ((graph.seats - seats) * graph.price).sum()
    return int(used.size), int(graph.cost[used].sum() + dearer + unserved)
