"""What leaves the product: figures, pictures, rows."""
