"""Where tickets meets MongoDB, the vault and files."""
