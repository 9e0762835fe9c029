// Builds static files with hashed names: nothing inline, nothing from elsewhere, so that the strictest
// content policy holds. DOLEN_DASHBOARD_OUT names the folder; without it build/dashboard of the repository.
import { defineConfig } from 'vite';
import { fileURLToPath } from 'node:url';

const out =
  process.env.DOLEN_DASHBOARD_OUT ??
  fileURLToPath(new URL('../../build/dashboard', import.meta.url));

export default defineConfig({
  base: '/',
  build: {
    outDir: out,
    emptyOutDir: true,
    target: ['chrome109', 'firefox115', 'safari16'],
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    sourcemap: false,
    reportCompressedSize: false,
  },
  css: {
    preprocessorOptions: {
      scss: { loadPaths: ['node_modules/govuk-frontend/dist', 'src/styles'], quietDeps: true },
    },
  },
});
