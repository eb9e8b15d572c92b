"""Rules, audiences and messages, without I/O."""
