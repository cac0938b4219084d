// Builds every example as a page of one site, with relative paths: any static server will do.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const page = (name) => fileURLToPath(new URL(`${name}/index.html`, import.meta.url));

export default defineConfig({
  base: './',
  plugins: [vue(), svelte()],
  build: {
    target: 'es2022',
    rollupOptions: { input: ['plain', 'react', 'vue', 'svelte'].map(page) },
  },
  // The development server would move the packages away from their workers and files.
  optimizeDeps: { exclude: ['vivavox', 'vivavox-speech'] },
});
