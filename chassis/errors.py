"""Why a process cannot start or go on, said to the person at the terminal; and why a sealed text does not open."""


class StartError(Exception):
    """The message is a sentence in both languages that says what to do; the process exits with 1."""


class VaultError(Exception):
    """Something sealed cannot be opened, or a master key cannot be used; the message says why, never the content."""


class Erased(VaultError):
    """The person's key was destroyed: nothing of theirs opens again, and nothing new is sealed for them."""
