"""Where tickets meets MongoDB, the cipher and files."""
