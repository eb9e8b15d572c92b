"""The independent services: tickets, volunteers, notify."""
