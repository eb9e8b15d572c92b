"""What is wrong with a file of people, so that whoever keeps it finds the place: line, column, reason."""

from dataclasses import dataclass

from contracts.words import Text


@dataclass(frozen=True)
class Problem:
    """One thing to mend. ``line`` counts as an editor or a spreadsheet does (1 is the header); 0: the whole file."""

    line: int
    column: str
    reason: Text

    def __str__(self) -> str:
        where_zh, where_en = (f"第{self.line}行", f"line {self.line}") if self.line else ("整个文件", "whole file")
        column = f" [{self.column}]" if self.column else ""
        return f"{where_zh}{column} {self.reason.zh} / {where_en}{column} {self.reason.en}"


class Wrong(Exception):
    """A cell that cannot be used, and why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = Text(zh, en)
