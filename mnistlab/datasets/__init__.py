"""Where digits come from: files, downloads, pen strokes."""
