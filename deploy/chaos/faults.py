"""Every kind of fault by its name. Each is over and repaired when it returns."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from random import Random

from deploy.chaos import brokers, clocks, disorder, network, poison, processes, ticks
from deploy.chaos.arena import Arena

Strike = Callable[[Arena, Random], Awaitable[None]]

FAULTS: Mapping[str, Strike] = {
    "kill_each": processes.kill_each,
    "term_each": processes.term_each,
    "kill_both_of_a_service": processes.kill_both_of_a_service,
    "kill_several": processes.kill_several,
    "kill_all": processes.kill_all,
    "dispatcher_kill": ticks.kill_mid_tick,
    "dispatcher_pause": ticks.pause_mid_tick,
    "rabbit_term": brokers.rabbit_term,
    "rabbit_kill": brokers.rabbit_kill,
    "mongo_term": brokers.mongo_term,
    "mongo_kill": brokers.mongo_kill,
    "net_freeze": partial(network.freeze, choose=network.one_wire),
    "net_freeze_process": partial(network.freeze, choose=network.whole_process),
    "net_reset": partial(network.reset, choose=network.one_wire),
    "net_reset_process": partial(network.reset, choose=network.whole_process),
    "net_slow": partial(network.slow, choose=network.one_wire),
    "net_slow_process": partial(network.slow, choose=network.whole_process),
    "net_cut": partial(network.cut, choose=network.one_wire),
    "net_cut_process": partial(network.cut, choose=network.whole_process),
    "relay_stall": network.relay_stall,
    "poison_undecodable": poison.poison_undecodable,
    "poison_unknown_type": poison.poison_unknown_type,
    "poison_schema": poison.poison_schema,
    "poison_always_fails": poison.always_fails,
    "poison_kills": poison.kills,
    "duplicates": disorder.duplicates,
    "reordering": disorder.reordering,
    "clock_ahead": clocks.clock_ahead,
    "clock_behind": clocks.clock_behind,
}
