"""What an order is and what may become of it: plain Python, no I/O, time passed in."""
