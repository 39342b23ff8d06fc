"""What a person can do with pictures, and with a classifier of their own."""
