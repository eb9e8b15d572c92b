"""Providers of short messages, WeChat, groups and mail, played for trials: nothing sent to them reaches anybody."""
