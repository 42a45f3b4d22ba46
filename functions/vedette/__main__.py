"""`python -m vedette` is the `vedette` command."""

from vedette.cli.main import main

if __name__ == "__main__":
    main()
