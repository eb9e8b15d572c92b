"""Notify: every change reaches whom it concerns."""
