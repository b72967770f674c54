"""The Usage dashboard of an AI workspace, in a terminal."""

__version__ = "0.1.0"
