"""The pod and the cohort: what this device knows of them, what it lets them read, rounds with the server."""
