"""Upstream: an office that passes orders on, played for trials; operators' commands for what goes back to it."""
