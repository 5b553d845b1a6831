"""The local log on its SQLite file: rows, guards, receipts, what is trusted, what may still change."""
