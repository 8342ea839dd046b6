"""页面框架: who may open a page, the look of every page, its language and size."""
