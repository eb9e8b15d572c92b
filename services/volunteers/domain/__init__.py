"""Pure rules of members, gates, offers and seats; nothing here knows a database or a queue."""
