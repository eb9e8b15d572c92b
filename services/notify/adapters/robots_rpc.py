"""RPC entrypoints of notify about robots of chat groups."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.robots import ChangeRobot, ReadRobot, ReadRobots, RegisterRobot, RemoveRobot, TestRobot


class RobotsRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(RegisterRobot)
    def register_robot(self, call: Call[RegisterRobot]) -> Outcome:
        """A group has a robot now."""
        outcome: Outcome = self.app.robots.register(call)
        return outcome

    @command(ReadRobots)
    def read_robots(self, call: Call[ReadRobots]) -> Outcome:
        """Which there are."""
        outcome: Outcome = self.app.robots.read_all(call)
        return outcome

    @command(ReadRobot)
    def read_robot(self, call: Call[ReadRobot]) -> Outcome:
        """How one is, and what it told."""
        outcome: Outcome = self.app.robots.read_one(call)
        return outcome

    @command(ChangeRobot)
    def change_robot(self, call: Call[ChangeRobot]) -> Outcome:
        """Something about it is to be otherwise."""
        outcome: Outcome = self.app.robots.change(call)
        return outcome

    @command(RemoveRobot)
    def remove_robot(self, call: Call[RemoveRobot]) -> Outcome:
        """It goes, with its key."""
        outcome: Outcome = self.app.robots.remove(call)
        return outcome

    @command(TestRobot)
    def test_robot(self, call: Call[TestRobot]) -> Outcome:
        """It says something now."""
        outcome: Outcome = self.app.robots.test(call)
        return outcome
