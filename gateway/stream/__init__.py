"""Changes as they happen: thin frames for those whom they concern, live and after a break."""
