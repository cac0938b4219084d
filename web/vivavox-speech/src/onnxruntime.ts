/**
 * ONNX Runtime's WebAssembly as the package onnxruntime-web holds it, for createSpeech(): bundlers
 * follow the address to the file and keep it. Pages without a bundler give its URL themselves.
 */
export const onnxRuntime = new URL('onnxruntime-web/ort-wasm-simd-threaded.wasm', import.meta.url);
