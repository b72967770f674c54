"""One card, one file; every widget shows a view and knows nothing of clients."""
