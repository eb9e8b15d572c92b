"""`./shiliu chaos`: faults under load, then an audit."""
