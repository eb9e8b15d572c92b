"""The whole house in this process, with members whose names and phones are in the vault."""

from tests.services.permissions.conftest import town

__all__ = ["town"]
