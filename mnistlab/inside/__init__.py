"""What happens to a digit inside a network: every number on its way, and where it ends up among others."""
