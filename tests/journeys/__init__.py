"""Journeys in a real browser against the real web server."""
