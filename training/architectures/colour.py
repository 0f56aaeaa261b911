"""Colours as networks take them."""

MEAN = 0.45  # taken off the colours before an encoder and added again after its tail
