"""The demo companies: real and public ones, in the import format, with their sources and their guesses marked."""

from pathlib import Path

DEMO_FILE = Path(__file__).parent / "companies.csv"
