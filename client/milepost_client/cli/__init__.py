"""The full command line: one file a help group; a command parses, calls one function, and returns its answer."""
