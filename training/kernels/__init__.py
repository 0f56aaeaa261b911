"""Pure arithmetic that every other room may use: pictures, positions, losses."""
