"""One person's rights at the terminal: everything held of them in one file; or erased in every service, for good."""
