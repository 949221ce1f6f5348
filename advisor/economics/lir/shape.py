"""Which shape the results have that `keeping` writes and reads, apart from it since asking needs no numpy."""

SHAPE = 4  # raised by hand with each change of what is kept; results of another number are to be searched again
