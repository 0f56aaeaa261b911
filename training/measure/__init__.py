"""What a method is worth: enlargements, figures, comparisons."""
