/** Our mark: the character 掌 cut into a vermilion seal, drawn as strokes so that no font is needed. */
export const Seal = ({ size = 'var(--zg-mark)' }: { size?: string }) => (
  <svg role="img" aria-label="掌柜 Zhanggui" viewBox="0 0 24 24" style={{ width: size, height: size, flex: 'none' }}>
    <rect width="24" height="24" rx="4" style={{ fill: 'var(--zg-seal)' }} />
    <path
      d="M12 3v3M8.2 3.6l.9 2M15.8 3.6l-.9 2M5.3 9V6.6h13.4V9M9.2 8.9h5.6v2.7H9.2zM8 13.9h8.2M6.9 16.2h10.2M5 18.5h14M12 13.9v6.2c0 .9-.6 1.2-1.9 1.1"
      style={{ stroke: 'var(--zg-seal-ink)' }}
      fill="none"
      strokeWidth="1.35"
      strokeLinecap="square"
    />
  </svg>
);
