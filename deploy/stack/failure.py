"""The one way the local stack says that something cannot be done."""

from contracts.words import Text


class StackError(Exception):
    """Something stops the stack; *text* says in one sentence what, and what to do about it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.text = Text(zh=zh, en=en)
