export { Amount, type AmountProps, type AmountSize } from './amount.tsx';
export { Ask, type AskProps } from './ask.tsx';
export { ConnectionBar, type ConnectionBarProps, type ConnectionState } from './connection-bar.tsx';
export { type Column, DataTable, type DataTableProps } from './data-table.tsx';
export { createUseT, FaceProvider, keptLocale, useLocale, usePick, useScheme, useUiT } from './face.tsx';
export { type FaultSource, FaultsDrawer, type FaultsDrawerProps } from './faults-drawer.tsx';
export { Icon, type IconName, type IconSize } from './icons.tsx';
export { type PadKey, type PadLimits, pressKey } from './key-buffer.ts';
export { Keypad, type KeypadLayout, type KeypadProps } from './keypad.tsx';
export { LanguageSwitch } from './language-switch.tsx';
export { type MoneyTextOptions, moneyOfMinor, moneyText, numberText, plotHeight } from './money-text.ts';
export { QrCode, type QrCodeProps } from './qr-code.tsx';
export { ReceiptPaper, type ReceiptPaperProps } from './receipt-paper.tsx';
export { SandboxStripe } from './sandbox-stripe.tsx';
export { Seal } from './seal.tsx';
export { Status, StatusPanel, type StatusPanelProps, type StatusProps, type StatusRole } from './status.tsx';
export {
  createTranslator,
  defineTexts,
  type Locale,
  type LocalText,
  languageTag,
  locales,
  type TextTable,
  type TextValues,
  type Translate,
  textFaults,
} from './texts.ts';
export { type FaceName, faceTheme } from './theme.ts';
export { WalletMark, type WalletMarkProps } from './wallet-mark.tsx';
