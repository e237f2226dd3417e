import react from '@vitejs/plugin-react';
import type { UserConfig } from 'vite';

export type FaceBuild = {
  /** Where the server hangs the face, with both slashes: `/till/`. */
  readonly base: string;
  readonly port: number;
  /** Address of the server that answers `/api` while developing. */
  readonly api?: string;
};

/** The build every face shares: current Chromium, one `dist` folder beside the sources, `/api` passed on in dev. */
export const faceBuild = ({ base, port, api = 'http://127.0.0.1:8080' }: FaceBuild): UserConfig => ({
  base,
  plugins: [react()],
  build: {
    target: 'chrome142',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: true,
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', port, strictPort: false, proxy: { '/api': { target: api, ws: true } } },
  preview: { host: '127.0.0.1', port },
});
