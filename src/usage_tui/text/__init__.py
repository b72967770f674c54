"""What people read: harmless text, amounts, dates, plurals. It needs only the standard library."""
