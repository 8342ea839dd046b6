"""收件: what arrives from tables, chats and calls, until it is filed or set aside."""
