"""问题: the life of a problem and its obligations."""
