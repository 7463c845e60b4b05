"""`python -m pipeline` is the command `fengong`."""

import sys

from pipeline.cli import main

sys.exit(main())
