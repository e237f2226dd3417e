import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, createMetrics } from './index.ts';

test('a log line is one JSON object and shows no secret', () => {
  const lines: string[] = [];
  const log = createLog({ name: 'acquirer', destination: { write: (line) => void lines.push(line) } });
  log.info({ pan: '6225000000000014', card: { track2: '6225000000000014=3012' }, stan: '000012' }, 'sale');
  assert.equal(lines.length, 1);
  const event = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  assert.equal(event['service'], 'acquirer');
  assert.equal(event['stan'], '000012');
  assert.doesNotMatch(lines[0] ?? '', /6225000000000014/);
});

test('figures add up under their labels and are rendered for Prometheus', async () => {
  const metrics = createMetrics();
  const count = metrics.counter('authorisations_total', 'Authorisations by answer', ['code']);
  count.add({ code: '00' });
  metrics.counter('authorisations_total', 'Authorisations by answer', ['code']).add({ code: '00' });
  metrics.histogram('latency_seconds', 'Time to answer').observe(0.004);
  metrics.gauge('pending', 'Requests in flight', () => 7);
  const text = await metrics.render();
  assert.match(text, /zhanggui_authorisations_total\{code="00"\} 2/);
  assert.match(text, /zhanggui_latency_seconds_bucket\{le="0.005"\} 1/);
  assert.match(text, /zhanggui_pending 7/);
});
