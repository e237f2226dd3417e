import { createTheme, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core';

/** Each face sets its own default control size: thumbs at the till, pointers in the office. */
export type FaceName = 'till' | 'terminal' | 'office' | 'phone';

const indigo: MantineColorsTuple = [
  '#eef2fa',
  '#dbe4f4',
  '#b6c7e7',
  '#8fabe6',
  '#6788c9',
  '#466bb0',
  '#33579a',
  '#2a4a87',
  '#213d73',
  '#172c54',
];

const gray: MantineColorsTuple = [
  '#faf8f4',
  '#f3efe7',
  '#eeeae2',
  '#dfd9cd',
  '#c9c2b5',
  '#a39c8e',
  '#6f695f',
  '#57524a',
  '#3b3732',
  '#211e1a',
];

const dark: MantineColorsTuple = [
  '#f0ece4',
  '#c3bdb2',
  '#a8a196',
  '#7a746a',
  '#3a3733',
  '#2f2d2a',
  '#2b2926',
  '#211f1d',
  '#171614',
  '#121110',
];

const controlSize: Record<FaceName, string> = { till: 'xl', terminal: 'lg', office: 'sm', phone: 'lg' };

/** Mantine in our colours: one accent, ink on paper, motion only when the person has not asked for less. */
export const faceTheme = (face: FaceName): MantineThemeOverride => {
  const size = controlSize[face];
  return createTheme({
    colors: { indigo, gray, dark },
    primaryColor: 'indigo',
    primaryShade: { light: 7, dark: 3 },
    autoContrast: true,
    black: '#211e1a',
    white: '#fffefb',
    defaultRadius: 'md',
    radius: { xs: '4px', sm: '4px', md: '8px', lg: '8px', xl: '8px' },
    spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
    fontFamily: 'var(--zg-font)',
    fontFamilyMonospace: 'var(--zg-font-mono)',
    fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '16px' },
    headings: { fontFamily: 'var(--zg-font)', fontWeight: '700' },
    respectReducedMotion: true,
    cursorType: 'pointer',
    components: {
      Button: { defaultProps: { size } },
      ActionIcon: { defaultProps: { size: face === 'office' ? 'lg' : 'xl', variant: 'subtle' } },
      TextInput: { defaultProps: { size: face === 'office' ? 'sm' : 'lg' } },
      Select: { defaultProps: { size: face === 'office' ? 'sm' : 'lg' } },
      SegmentedControl: { defaultProps: { size: face === 'office' ? 'sm' : 'lg' } },
      Modal: { defaultProps: { centered: true, transitionProps: { duration: 120 }, overlayProps: { opacity: 1 } } },
      Menu: { defaultProps: { transitionProps: { duration: 0 }, shadow: 'md' } },
      Tooltip: { defaultProps: { transitionProps: { duration: 0 }, openDelay: 300 } },
    },
  });
};
