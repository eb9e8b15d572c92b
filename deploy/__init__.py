"""The top layer: command line, local stack, demo, simulated members, replay. It speaks to the services by HTTP."""
