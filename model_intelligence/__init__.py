"""Evidence about models, and recommendations made from it."""

import os

# Before anything loads numpy, which reads it once: the matrices here are small, so that several
# threads would wait for one another for longer than they compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
