"""The two essays as rules: values in, values out. Standard library only, no clock, no I/O."""
