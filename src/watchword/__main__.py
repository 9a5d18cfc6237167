"""`python -m watchword`, the same as `watchword`."""

from watchword.cli.main import main

if __name__ == "__main__":
    main()
