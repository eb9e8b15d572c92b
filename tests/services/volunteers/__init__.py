"""volunteers in a real container on the real brokers."""
