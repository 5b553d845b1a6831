"""Figures of pods and cohorts: who contributes, totals each morning, releases on Monday."""
