"""The sync protocol, version 1, without any I/O: frames, messages, and one state machine for each end (sync.md).

It moves bytes and proofs; it knows places, hashes and signatures, and no event type but the enrolment.
"""

SUBPROTOCOL = "milepost.sync.v1"
VERSIONS = (1,)
