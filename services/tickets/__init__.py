"""tickets: the orders, what can be ordered and where; the vault of those who order and those who are served."""
