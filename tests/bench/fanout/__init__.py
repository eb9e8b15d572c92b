"""From an event to whom it concerns: streams, notices, webhooks; each beside the same done bare, from one run."""
