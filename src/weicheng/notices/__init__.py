"""News that reaches people: bell, mail, group robots and the digest to copy into a group."""
