"""Cohort streams and what is kept beside them: rosters, invites, the audit log."""
