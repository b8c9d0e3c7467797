"""What pictures of digits are composed of: writing, ink, paper, outlines, light."""
