"""One file per use case: it builds the objects and runs them, for the CLI and the Lambdas alike."""
