import '@zhanggui/ui/styles.css';

const root = document.getElementById('root');
if (!root) throw new RangeError('index.html has a root');

/** Two windows, one app: `/till/display` is turned to the customer, everything else is the till. */
const open = async (): Promise<void> => {
  if (/\/display\/?$/.test(location.pathname)) {
    const { openDisplay } = await import('./display/display-window.tsx');
    return openDisplay(root);
  }
  const [{ openTill }, { httpPorts }] = await Promise.all([import('./till-window.tsx'), import('./wire.ts')]);
  const till = openTill(root, httpPorts());
  window.addEventListener('online', () => till.kick());
  // Best-effort data may be evicted under pressure; a till's sales may not.
  void navigator.storage?.persist?.();
};

void open();
