"""Talking to a server: one connection, one process a home, joining, HTTP."""
