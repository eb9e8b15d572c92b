"""How often one account, and one address, may ask."""
