/** What the person who typed `npm start` sees: each step as it happens, then where to go. */
export interface Progress {
  title(): void;
  /** Runs a step and says how it went and how long it took. */
  step<Result>(name: string, run: (say: (detail: string) => void) => Promise<Result>): Promise<Result>;
  addresses(rows: readonly Address[]): void;
  goodbye(): void;
}

export type Address = Readonly<{ name: string; url: string; hint: string }>;

type Output = { write(text: string): unknown; isTTY?: boolean };

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const createProgress = (output: Output): Progress => {
  const line = (text = '') => output.write(`${text}\n`);
  const overwrite = (text: string) => (output.isTTY ? output.write(`\r\u001b[2K${text}`) : undefined);
  return {
    title: () => line('\n  掌柜 Zhanggui — the whole counter\n'),
    step: async (name, run) => {
      const startedAt = performance.now();
      let detail = '';
      const say = (text: string) => {
        detail = text;
        overwrite(`  … ${name.padEnd(10)} ${text}`);
      };
      say('');
      try {
        const result = await run(say);
        overwrite('');
        line(`  ✔ ${name.padEnd(10)} ${detail}${detail ? '  ' : ''}(${seconds(performance.now() - startedAt)})`);
        return result;
      } catch (error) {
        overwrite('');
        line(`  ✖ ${name.padEnd(10)} ${detail}`);
        throw error;
      }
    },
    addresses: (rows) => {
      line();
      for (const { name, url, hint } of rows) line(`  ${name.padEnd(18)} ${url.padEnd(44)} ${hint}`);
      line('\n  Ctrl-C stops everything; starting again finds all data.\n');
    },
    goodbye: () => line('\n  Closed. All data is kept.'),
  };
};

/** For tests and benches, which have their own words. */
export const silentProgress: Progress = {
  title: () => undefined,
  step: (_name, run) => run(() => undefined),
  addresses: () => undefined,
  goodbye: () => undefined,
};
