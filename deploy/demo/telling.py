"""Tells the story at the terminal: one line per event, in words, Chinese first, with the order's number."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape

from contracts.words import Text

PAUSE_SECONDS = 1.6


class Teller:
    """Says what happens, with the business time at which it does."""

    def __init__(self, console: Console, now: Callable[[], datetime], zone: str, *, pauses: bool) -> None:
        self._console = console
        self._now = now
        self._zone = ZoneInfo(zone)
        self._pauses = pauses

    async def title(self, zh: str, en: str) -> None:
        """A new scene begins."""
        self._console.print(f"\n[bold]{escape(zh)}[/bold]  [dim]{escape(en)}[/dim]")
        await self._pause()

    async def say(self, zh: str, en: str, number: str = "") -> None:
        """One event."""
        moment = self._now().astimezone(self._zone).strftime("%H:%M")
        about = f"[cyan]{escape(number)}[/cyan] " if number else ""
        self._console.print(f"{moment}  {about}{escape(zh)}  [dim]{escape(en)}[/dim]")
        await self._pause()

    async def quote(self, text: Text) -> None:
        """What somebody reads or says."""
        self._console.print(f"         [italic]{escape(text.zh)}[/italic]  [dim]{escape(text.en)}[/dim]")
        await self._pause()

    async def _pause(self) -> None:
        if self._pauses:
            await asyncio.sleep(PAUSE_SECONDS)
