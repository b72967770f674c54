"""Everything that writes: events, grants, plans and allowances, each change in one transaction."""
