"""Providers of short messages, WeChat and mail, played for trials: nothing that is sent to them reaches anybody."""
