"""What both ends of Milepost agree on: events, chains, sealing, sync, projections, disclosure.

Sans-I/O: no clock, no randomness, no socket, no disk; `milepost_client` and `milepost_server` bring those.
"""
