"""组织人员: units, posts, persons, accounts, and whom each may see."""
