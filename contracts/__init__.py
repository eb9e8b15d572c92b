"""The published language of the house: the only thing services know of each other."""
