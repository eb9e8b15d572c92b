"""Simulated people who act only through the public API: members, residents, dispatchers, and who drives them."""
