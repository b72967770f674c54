"""Where data come from: one client each for demos, recordings and the Usage API, all of one shape."""
