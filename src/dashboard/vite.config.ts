import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The root is this folder: `vite build src/dashboard`.
export default defineConfig({
  publicDir: '../../public',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../../dist',
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows neither inline scripts nor inline fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What several pages share is one file beside theirs, not one for every icon.
        codeSplitting: {
          groups: [{ name: 'shared', test: /dashboard\/(api|lib|ui|inputs)\/|lucide-react/, minShareCount: 2 }],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8787' } },
})
