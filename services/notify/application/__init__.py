"""The use cases of notify and the ports they need."""
