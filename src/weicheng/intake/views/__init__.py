"""The screens of intake: import, the pool of leads, the inbox of WeChat groups."""
