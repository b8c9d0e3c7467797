"""Where the digits come from: files, downloads, pen drawings."""
