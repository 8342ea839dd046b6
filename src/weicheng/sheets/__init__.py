"""表格: reads what an office has on day one (tables, chats, dates), without any database."""
