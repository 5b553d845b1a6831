"""The operator's side: commands on a running server or on its data."""
