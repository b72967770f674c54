"""The dashboard of a billing period as one HTML file, to pass on."""
