"""The drawing pad as a web app."""
