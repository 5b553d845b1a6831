"""Settings of a replica: what the log keeps of its server beside the events, by the names under which it keeps it."""

URL_SETTING = "server.url"
KEY_SETTING = "server.key"
ERASED_SETTING = "server.erased"
"""Not empty where that server erased the account."""
