"""The local stack: brokers and services as private processes, their data under one folder."""
