"""From a configuration and digits to a trained model that is ready to use."""
