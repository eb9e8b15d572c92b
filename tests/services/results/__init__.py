"""What comes after the work, by HTTP over the whole house."""
