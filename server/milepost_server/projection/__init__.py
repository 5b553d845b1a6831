"""From the log to the read models: the projector, versions beside each other, what they answer."""
