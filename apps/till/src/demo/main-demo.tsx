import '@zhanggui/ui/styles.css';
import { displayPort } from '../display/display-channel.ts';
import { openDisplay } from '../display/display-window.tsx';
import { openTill } from '../till-window.tsx';
import { browserPorts } from '../wire.ts';
import { type DemoCard, type DemoMood, type DemoPhone, demoPorts } from './wire-demo.ts';

const channel = 'zhanggui-display-demo';
const cards: readonly DemoCard[] = ['approve', 'decline', 'unknown', 'wait', 'reverse'];
const phones: readonly DemoPhone[] = ['pay', 'password', 'refuse', 'unknown', 'wait', 'reverse'];

/** Read anew at every call, so that changing the address changes the weather: `#offline&card=decline`. */
const mood = (): DemoMood => {
  const wish = new URLSearchParams(location.hash.slice(1));
  return {
    offline: wish.has('offline'),
    card: cards.find((card) => card === wish.get('card')) ?? 'approve',
    phone: phones.find((phone) => phone === wish.get('phone')) ?? 'pay',
  };
};

const root = document.getElementById('root');
if (!root) throw new RangeError('demo.html has a root');

if (location.search === '?display') openDisplay(root, channel);
else {
  const display = displayPort(channel, `${location.pathname}?display`);
  const till = openTill(root, demoPorts({ ...browserPorts(), display }, mood), 'zhanggui-till-demo');
  window.addEventListener('hashchange', () => till.kick());
}
