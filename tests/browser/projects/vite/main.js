import { onnxRuntime } from 'vivavox-speech/onnxruntime';
import { start } from './page.js';

await start(onnxRuntime);
