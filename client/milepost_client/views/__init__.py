"""The member's views: the log folded into views.db, found by key, and as tables that other tools open."""
