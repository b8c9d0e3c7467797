"""Pictures of digits as people take them: photos, scans, screenshots, composed from pen strokes."""
