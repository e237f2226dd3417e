/** Line drawings on a 24 grid, our own; a name says what the picture shows, not where it is used. */
const iconPaths = {
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM16.2 16.2 20 20',
  scan: 'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M8 8v8M11 8v8M13.5 8v8M16 8v8',
  cash: 'M3 7h18v10H3zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM6 10v4M18 10v4',
  card: 'M3 6h18v12H3zM3 10h18M6.5 14.5h4',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'm6 6 12 12M18 6 6 18',
  question: 'M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1-1.4 2.1M12 17.3v.2',
  exclamation: 'M12 5.5v8M12 17.3v.2',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4.2l2.8 1.8',
  cloud: 'M7.5 18h9.3a3.7 3.7 0 0 0 .6-7.3 5.6 5.6 0 0 0-10.9-.4A4 4 0 0 0 7.5 18Z',
  'cloud-off':
    'M4 4l16 16M9 6.4a5.6 5.6 0 0 1 8.4 4.3 3.7 3.7 0 0 1 1.8 5.9M14.8 18H7.5a4 4 0 0 1-1-7.7c.1-.5.3-1 .5-1.4',
  upload: 'M12 15V5M8 9l4-4 4 4M5 15v4h14v-4',
  printer: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM5 20c.6-3.4 3.4-5.3 7-5.3s6.4 1.9 7 5.3',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM3 19.5c.4-3.2 2.8-5 6-5s5.6 1.8 6 5M15.5 5.4a3.4 3.4 0 0 1 0 6.2M17 14.9c2.2.5 3.7 2.1 4 4.6',
  menu: 'M4 7h16M4 12h16M4 17h16',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  bin: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5',
  percent: 'M18 6 6 18M7.5 5.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4ZM16.5 14.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
  left: 'm14.5 6-6 6 6 6',
  right: 'm9.5 6 6 6-6 6',
  down: 'm6 9.5 6 6 6-6',
  back: 'M20 12H5M11 6l-6 6 6 6',
  backspace: 'M9 6h11v12H9l-5.5-6L9 6ZM12 9.5l5 5M17 9.5l-5 5',
  pause: 'M8.5 5v14M15.5 5v14',
  receipt: 'M6 3.5v17l2-1.4 2 1.4 2-1.4 2 1.4 2-1.4 2 1.4v-17l-2 1.4-2-1.4-2 1.4-2-1.4-2 1.4-2-1.4ZM9 9h6M9 13h6',
  drawer: 'M4 5h16v14H4zM4 12h16M10 8.5h4M10 15.5h4',
  tag: 'M4 4h8l8 8-8 8-8-8V4ZM8.2 8.2v.1',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4',
  moon: 'M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z',
  language: 'M4 6h9M8.5 4v2M11 6c-.8 3.4-3 6-6.5 7.6M6 8.6c1 2 3 3.8 5.5 4.8M12.5 20l4-9.5 4 9.5M14 16.8h5',
  repeat: 'M5 12a7 7 0 0 1 12-4.9L19 9M19 5v4h-4M19 12a7 7 0 0 1-12 4.9L5 15M5 19v-4h4',
  undo: 'M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9',
  layout: 'M4 5h16v14H4zM14 5v14',
  circle: 'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z',
  tap: 'M8 8.5a5 5 0 0 1 0 7M11.5 6a8.5 8.5 0 0 1 0 12M15 3.5a12 12 0 0 1 0 17',
  chip: 'M5 6h14v12H5zM5 10h5v4H5M19 10h-5v4h5M10 6v12M14 6v12',
  swipe: 'M4 8h16v8H4zM4 11h16M7 20h10M15 18l2 2-2 2',
  phone: 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM10.5 18h3',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM20 14v2.5M17.5 20H20v-1M14 20h.5M7 7v.1M17 7v.1M7 17v.1',
  camera: 'M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 10a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4Z',
  screen: 'M3 5h18v11H3zM9 20h6M12 16v4',
  store: 'M4 10v10h16V10M3 10l2-6h14l2 6a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0ZM10 20v-5h4v5',
  picture: 'M4 5h16v14H4zM4 16l4.5-4.5 3.5 3.5 2.5-2.5L20 17M15.5 8.5v.1',
  paste: 'M8 5H6v15h12V5h-2M9 3.5h6v3H9zM9 11h6M9 14.5h4',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4',
  copy: 'M9 9h10v11H9zM15 9V5H5v11h4',
  balance: 'M12 4v16M8 20h8M5 7.5 12 6l7 1.5M5 7.5 2.5 14h5L5 7.5ZM19 7.5 16.5 14h5L19 7.5Z',
  aim: 'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10ZM12 3v4M12 17v4M3 12h4M17 12h4',
} as const;

export type IconName = keyof typeof iconPaths;
export type IconSize = 'small' | 'normal' | 'large';

const sizes: Record<IconSize, string> = {
  small: 'var(--zg-icon-small)',
  normal: 'var(--zg-icon)',
  large: 'var(--zg-icon-large)',
};

/** A picture beside a word; it never stands for a word alone, so it is hidden from readers. */
export const Icon = ({ name, size = 'normal' }: { name: IconName; size?: IconSize }) => (
  <svg
    aria-hidden="true"
    focusable="false"
    viewBox="0 0 24 24"
    style={{ width: sizes[size], height: sizes[size], flex: 'none' }}
    fill="none"
    stroke="currentColor"
    strokeWidth="1.75"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d={iconPaths[name]} />
  </svg>
);
