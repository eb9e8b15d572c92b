"""Passwords as argon2id hashes, computed in native threads so that no other request waits for them."""

import os
import unicodedata
from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from eventlet import tpool
from eventlet.semaphore import Semaphore

from contracts.errors import Busy
from contracts.words import Text

QUEUE_SECONDS = 4.0
"""How long one sign-in waits for its turn at most."""

Run = Callable[..., Any]


class Passwords:
    """Hashes and compares; at most one computation per core, each the same work whether the account exists or not."""

    def __init__(self, time_cost: int, memory_kib: int, *, run: Run = tpool.execute) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._turns = Semaphore(os.cpu_count() or 1)
        self._run = run
        self._nobodys = self._hasher.hash("the password of nobody")

    def hash(self, password: str) -> str:
        """The hash to store; raises Busy when too many wait."""
        return str(self._in_turn(self._hasher.hash, _normal(password)))

    def verify(self, stored: str | None, password: str) -> bool:
        """Is it the password? *stored* None (no such account, no password) takes as long and is never right."""
        right = bool(self._in_turn(self._compare, stored or self._nobodys, _normal(password)))
        return right and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Was it made with other parameters than those of the settings?"""
        return self._hasher.check_needs_rehash(stored)

    def _compare(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    def _in_turn(self, work: Run, *args: str) -> Any:
        if not self._turns.acquire(timeout=QUEUE_SECONDS):
            raise Busy("sign-in-busy", Text(zh="登录的人较多,请稍后再试", en="many people are signing in: try again"))
        try:
            return self._run(work, *args)
        finally:
            self._turns.release()


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
