"""What tickets does for those who ask and on what it hears: use cases over the domain and its ports."""
