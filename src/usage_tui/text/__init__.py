"""What people read: harmless text, amounts in their unit, dates, plurals. Needs only the standard library."""
