"""The Usage API over HTTP: routes, what is asked and answered, its own description."""
