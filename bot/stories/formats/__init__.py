"""One module for each shape in which facts arrive: from bytes or text to records with places."""
