"""The read model: documents made from events, ready to be answered with; no call to another service."""
