import { faceBuild } from '@zhanggui/ui/vite';
import { defineConfig } from 'vite';

export default defineConfig(faceBuild({ base: '/phone/', port: 5176 }));
