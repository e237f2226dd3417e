import { openHouse } from './house.ts';
import { takeLock } from './lock.ts';
import { createProgress } from './progress.ts';
import { readSettings, SettingsError } from './settings.ts';

/** `npm start`: the whole counter, until Ctrl-C. */
const main = async (): Promise<void> => {
  const progress = createProgress(process.stdout);
  progress.title();
  const settings = readSettings(process.env);
  const lock = takeLock(settings.ZHANGGUI_DATA_DIR);
  const house = await openHouse(settings, progress).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  progress.addresses(house.addresses);

  let closing: Promise<void> | undefined;
  const close = (): void => {
    closing ??= house
      .close()
      .then(() => progress.goodbye())
      .finally(() => {
        lock.release();
        process.exit(0);
      });
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
};

const explain = (error: unknown): string => {
  if (error instanceof SettingsError) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `port ${port} is taken by another program; docs/settings.md says which setting moves it`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

try {
  await main();
} catch (error) {
  console.error(`\nzhanggui: ${explain(error)}`);
  process.exit(1);
}
