"""A receiver of webhooks, played for trials: verifies what comes and lists it."""
