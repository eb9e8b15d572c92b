"""The house's front door: HTTP in, commands out; reads from views, accounts, and the live stream."""
