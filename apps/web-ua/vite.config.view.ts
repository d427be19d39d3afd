// Builds the mail view shell: one static page whose single inline script holds DOMPurify and the bridge. The script is
// inline so that one hash in the Content-Security-Policy pins all code that may ever run beside a hostile message.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

/** Keeps the HTML parser inside the script element: these two sequences would end it or change how it is read. */
const forInlineScript = (code: string): string => code.replaceAll(/<(?=\/script|!--)/gi, '\\x3C').trim();

const inlineShell: Plugin = {
  name: 'inline-shell',
  generateBundle(_options, bundle) {
    const [fileName, chunk] = Object.entries(bundle).find(([, output]) => output.type === 'chunk') ?? [];
    if (fileName === undefined || chunk?.type !== 'chunk') throw new Error('the shell has no script');
    const script = forInlineScript(chunk.code);
    const page = readFileSync(new URL('./src/view/shell.html', import.meta.url), 'utf8');
    delete bundle[fileName];
    this.emitFile({ type: 'asset', fileName: 'index.html', source: page.replace('<!-- script -->', () => `<script>${script}</script>`) });
    const scriptSha256 = `sha256-${createHash('sha256').update(script).digest('base64')}`;
    this.emitFile({ type: 'asset', fileName: 'shell.json', source: `${JSON.stringify({ scriptSha256 })}\n` });
  },
};

export default defineConfig({
  plugins: [inlineShell],
  publicDir: false,
  build: {
    outDir: 'dist/view',
    emptyOutDir: true,
    target: 'es2022',
    copyPublicDir: false,
    lib: { entry: 'src/view/shell.ts', formats: ['iife'], name: 'palomaMailView' },
  },
});
