import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig, type Plugin } from 'vite';

const { resolve } = createRequire(import.meta.url);

/** OFL-1.1 §2: the licence of the font goes wherever its files go. */
const fontLicence: Plugin = {
  name: 'font-licence',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'assets/inter-LICENSE.txt', source: readFileSync(resolve('@fontsource-variable/inter/LICENSE')) });
  },
};

// Everything comes from files of the daemon: nothing is inlined as a data: URL, because the policy allows none for fonts.
export default defineConfig({
  plugins: [react(), fontLicence],
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
