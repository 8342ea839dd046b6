"""分拣: which kind a text is about, or that others should have it; learns from the office."""
