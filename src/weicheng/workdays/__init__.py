"""The working calendar: which days and hours count, and how far an amount of time reaches."""
