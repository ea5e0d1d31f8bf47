"""`python -m procore_lint`."""

from procore_lint.cli import main

if __name__ == "__main__":
    main()
