"""Complaints and suggestions about the system and the work, in a queue nobody can empty."""
