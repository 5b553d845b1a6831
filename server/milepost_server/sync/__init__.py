"""The socket and what is behind it: sessions, ingest, who must hear of what, pairing's meeting place."""
