"""Rules and templates as data, messages in MongoDB, channels."""
