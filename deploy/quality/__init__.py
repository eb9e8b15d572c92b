"""`./shiliu check` and `./shiliu test`: whether the project is in order."""
