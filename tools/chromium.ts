import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const installed = (): string | undefined =>
  [process.env['CHROMIUM'], ...candidates].find((path) => path !== undefined && existsSync(path));
const hasChineseFont = (): boolean =>
  /wqy|cjk|pingfang|yahei/i.test(spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' }).stdout ?? '');

const aptInstall = (packages: readonly string[]): void => {
  console.log(`installing ${packages.join(' and ')} from Debian's packages …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { env: environment, stdio: 'inherit' });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
};

/** Path of a Chromium for the browser tests. On Debian as root what is missing is installed; elsewhere the error says what to do. */
export const requireChromium = (): string => {
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  const missing = [
    ...(installed() ? [] : ['chromium']),
    ...(hasChineseFont() ? [] : ['fonts-wqy-microhei', 'fontconfig']),
  ];
  if (missing.length > 0 && mayInstall) aptInstall(missing);
  const path = installed();
  if (!path)
    throw new Error(
      'the browser tests need Chromium: install it (Debian: apt install chromium fonts-wqy-microhei) or set CHROMIUM to its path',
    );
  return path;
};
