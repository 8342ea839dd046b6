"""Scores of what checks found: the mock score, its explanation, the forecast, what to fix."""
