"""What the Flex Template's launcher runs, with the template's parameters as arguments."""

import sys

from pipeline.cli import main
from pipeline.cloud.template import plain_flags

if __name__ == "__main__":
    sys.exit(main(["submit", *plain_flags(sys.argv[1:])]))
