export { createLog, createMetrics, type Log, type Metrics, silentLog } from './telemetry.ts';
