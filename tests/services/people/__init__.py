"""The rights of the people served, through the whole house in this process."""
