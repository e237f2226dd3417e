import { faceBuild } from '@zhanggui/ui/vite';
import { defineConfig, mergeConfig } from 'vite';

/** `--mode demo` builds the till over a pretended shop, for screenshots and for trying it without a server. */
export default defineConfig(({ mode }) => {
  const face = faceBuild({ base: '/till/', port: 5173 });
  return mode === 'demo'
    ? mergeConfig(face, { build: { outDir: '../../.cache/till-demo', rolldownOptions: { input: 'demo.html' } } })
    : face;
});
