"""The screens: each composes its widgets and hands them their views."""
