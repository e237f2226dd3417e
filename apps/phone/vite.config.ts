import { faceBuild } from '@zhanggui/ui/vite';
import { defineConfig } from 'vite';

/** A till's browser is ours to choose; a customer's phone is not, so this face is built for those of three years ago as well. */
const phoneBrowsers = ['chrome109', 'safari16.4', 'firefox115'];

const face = faceBuild({ base: '/phone/', port: 5176 });

export default defineConfig({ ...face, build: { ...face.build, target: phoneBrowsers } });
