"""Duty tables (责任分工表) as offices keep them: reading cells, finding clauses, taking them in."""
