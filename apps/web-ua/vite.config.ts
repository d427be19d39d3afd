import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Everything comes from files of the daemon: nothing is inlined as a data: URL, because the policy allows none for fonts.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
