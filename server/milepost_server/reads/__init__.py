"""What can be read, one file a page: its structs, and one function from a snapshot and a reader to them.

A page, an answer of the interface and an export are the same struct.
"""
