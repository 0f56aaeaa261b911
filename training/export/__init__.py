"""From weights to bundled files: ONNX, manifest, card."""
