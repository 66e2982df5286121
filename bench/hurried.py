"""`mingtang` on a day that is pressed into minutes: a lesson with nobody in it is put away after IDLE_FOR_S seconds, as
the environment says. Of a real hour that is a sixth."""

import os
import sys

from mingtang.cli import main
from mingtang.live import hall

if __name__ == "__main__":
    hall.IDLE_FOR_S = float(os.environ["IDLE_FOR_S"])
    sys.exit(main())
