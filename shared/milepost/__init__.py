"""What both ends of Milepost agree on: events, chains, sealing, sync, projections, disclosure.

Sans-I/O: no clock, no randomness, no socket and no disk; the shells in `milepost_client` and `milepost_server` bring those.
"""
