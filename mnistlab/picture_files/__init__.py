"""Picture files from anywhere: what is read of them, within limits of memory and time."""
