"""Who comes in, how they prove it, and what their roles allow."""
