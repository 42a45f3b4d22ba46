"""One file per deployed Lambda function."""
