/** Imported before ONNX Runtime, which reports its use to its maker unless told before it is loaded. */
process.env.ORT_DISABLE_TELEMETRY = '1';
