"""What is read: a digit, a number of several digits."""
