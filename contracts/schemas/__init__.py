"""The wire forms of the published language, derived from its dataclasses (marshmallow)."""
