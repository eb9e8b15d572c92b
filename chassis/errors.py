"""Why a process cannot start or go on, said to the person at the terminal."""


class StartError(Exception):
    """The message is a sentence in both languages that says what to do; the process exits with 1."""
