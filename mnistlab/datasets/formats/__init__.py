"""The file formats of the datasets."""
