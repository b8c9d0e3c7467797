"""Rows of controls below the drawing pad, each for one purpose."""
