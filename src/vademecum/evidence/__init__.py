"""Sources, statements, grades, and the reference lists made from them."""
