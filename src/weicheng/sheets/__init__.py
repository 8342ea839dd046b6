"""表格: reads what an office has on day one (tables, chat text, dates) without touching the database."""
