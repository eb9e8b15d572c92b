"""What operators did at the terminal, and why: each service's database has such a log."""

OPERATOR_LOG = "operator_log"
"""Its collection: ``did`` (a verb), ``by`` (the login at the terminal), ``at``; ids, and never anybody's contents."""
