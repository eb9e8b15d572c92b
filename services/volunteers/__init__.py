"""volunteers: members, teams, and the search for people for an order."""
