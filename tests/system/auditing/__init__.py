"""A small world that went well, made by the real services, and the faults that are planted in it."""
