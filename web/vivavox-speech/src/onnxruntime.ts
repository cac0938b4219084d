// Bundled into a file of its own, which only pages that use a Piper voice ever load.
export { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
