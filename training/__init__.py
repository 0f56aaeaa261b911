"""Training, exporting and measuring the networks that Enlarger bundles (see README.md)."""
import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # ONNX Runtime reports its use to its maker unless told before it is loaded
