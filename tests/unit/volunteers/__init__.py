"""The rules of volunteers, without a broker or a database."""
