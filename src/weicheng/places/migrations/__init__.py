"""Named migrations; they never import application code."""
