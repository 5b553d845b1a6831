"""Facts: what a card says of a thing for people."""

Fact = tuple[str, object]
"""What it is called, and what it says. One without a name goes on from the fact above it."""
