/** A terminal in a process of its own that kills itself with SIGKILL before a named step of a sale. For crash.test.ts. */

import { cny } from '@zhanggui/money';
import type { Step } from './program.ts';
import { openCounter, parametersFor, parametersQuick, serveCustomer, stripeOnly } from './testing.ts';

const [file = '', port = '', stepName = '', count = '1'] = process.argv.slice(2);
let isSelling = false;
let left = Number(count);

const beforeStep = ({ step }: Step): 'go' => {
  if (isSelling && step === stepName) left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  return 'go';
};

const counter = await openCounter(file, parametersFor(Number(port), parametersQuick), { beforeStep });
await counter.until((view) => view.screen === 'idle' && view.online === 'signed-in', 'idle');
serveCustomer(counter.terminal, { swipe: stripeOnly });
isSelling = true;
counter.terminal.startSale({ requestId: 'c', amount: cny(100n) });
