"""Replay of real orders through the public API: a file is read, a community derived from it, its orders placed."""
