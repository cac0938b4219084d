export { VivavoxError } from './errors.js';
