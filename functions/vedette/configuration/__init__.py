"""Configuration and settings: the only reader of files and environment that steer Vedette."""
