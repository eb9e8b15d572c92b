"""The technical side of volunteers: MongoDB, files of people, codecs."""
