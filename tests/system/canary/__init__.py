"""Marks in everything that a person may type, and eyes everywhere they must not turn up."""
