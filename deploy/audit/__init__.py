"""The audit: it alone opens the services' databases, reads only, and says what does not add up."""
