"""Who should own the expansion, and which team should stand around the account."""

import os

# One core for the matrices of the LIR search, asked for before numpy is loaded: where other work shares the cores, several spend most of
# their time waiting for each other, and take it from the requests besides.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
