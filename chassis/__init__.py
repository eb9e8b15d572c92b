"""The running gear that every service shares; it knows nothing of tickets or volunteers."""
