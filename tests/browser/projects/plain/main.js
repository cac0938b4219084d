import { start } from './page.js';

await start('node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm');
