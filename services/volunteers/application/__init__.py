"""The use cases of volunteers, over ports."""
