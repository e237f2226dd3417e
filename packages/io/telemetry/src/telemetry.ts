import { Secret } from '@zhanggui/secret';
import { type DestinationStream, type Logger, pino } from 'pino';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One structured line per event. Secrets are types that print masked; these paths are a second fence for plain data. */
export type Log = Logger;

const fencedPaths = ['pan', 'track1', 'track2', 'track3', 'pin', 'pinBlock', 'password', 'key'].flatMap((name) => [
  name,
  `*.${name}`,
]);

export const createLog = (options: {
  name: string;
  level?: string;
  file?: string;
  destination?: DestinationStream;
}): Log =>
  pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      base: { service: options.name },
      redact: { paths: fencedPaths, censor: censor },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    options.destination ?? pino.destination(options.file ?? 1),
  );

/** A secret type already prints itself masked; a plain value under such a name is starred out. */
const censor = (value: unknown): string => (value instanceof Secret ? value.toString() : '****');

export const silentLog = (): Log => pino({ level: 'silent' });

type Labels = Readonly<Record<string, string>>;

/** Prometheus figures of one process; every name starts with `zhanggui_`. Asking for a name again gives the same figure. */
export interface Metrics {
  counter(name: string, help: string, labelNames?: readonly string[]): { add(labels?: Labels, by?: number): void };
  /** Durations in seconds. */
  histogram(
    name: string,
    help: string,
    labelNames?: readonly string[],
  ): { observe(seconds: number, labels?: Labels): void };
  gauge(name: string, help: string, read: () => number): void;
  render(): Promise<string>;
  readonly contentType: string;
}

const latencyBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export const createMetrics = (options: { process?: boolean } = {}): Metrics => {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry, prefix: 'zhanggui_' });
  const full = (name: string) => `zhanggui_${name}`;
  return {
    counter: (name, help, labelNames = []) => {
      const known = registry.getSingleMetric(full(name)) as Counter | undefined;
      const counter =
        known ?? new Counter({ name: full(name), help, labelNames: [...labelNames], registers: [registry] });
      return { add: (labels = {}, by = 1) => counter.inc(labels, by) };
    },
    histogram: (name, help, labelNames = []) => {
      const known = registry.getSingleMetric(full(name)) as Histogram | undefined;
      const histogram =
        known ??
        new Histogram({
          name: full(name),
          help,
          labelNames: [...labelNames],
          buckets: latencyBucketsSeconds,
          registers: [registry],
        });
      return { observe: (seconds, labels = {}) => histogram.observe(labels, seconds) };
    },
    gauge: (name, help, read) => {
      registry.removeSingleMetric(full(name));
      new Gauge({
        name: full(name),
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
};
