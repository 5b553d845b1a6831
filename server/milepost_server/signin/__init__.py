"""Signing in to the dashboard: one-use links, and the sessions they open."""
