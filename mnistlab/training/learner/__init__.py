"""What is fitted: the examples, their distortion, and what the training minimises."""
