"""The arguments of an operator's verb: what is not understood is said in both languages, exit code 2."""

import sys
from argparse import ArgumentParser
from typing import NoReturn


class VerbArguments(ArgumentParser):
    """argparse's own parser, whose complaint is introduced in Chinese too."""

    def error(self, message: str) -> NoReturn:
        """Say how the verb is used and what of it was not understood, and end the process."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}:参数写得不对 / not understood: {message}\n")
