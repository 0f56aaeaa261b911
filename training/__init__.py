"""Training, exporting and measuring the networks that Enlarger bundles (see README.md)."""
