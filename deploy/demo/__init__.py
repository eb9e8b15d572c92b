"""The demo community, its story and the people who act in it."""
