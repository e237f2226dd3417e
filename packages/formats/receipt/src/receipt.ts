export type Align = 'left' | 'center' | 'right';
/** `double` is twice as wide and as high: half as many columns. */
export type Size = 'normal' | 'double';
/** `width` in columns. */
export type Cell = Readonly<{ text: string; width: number; align: Align }>;

export type ReceiptLine =
  | Readonly<{ kind: 'text'; text: string; align?: Align; size?: Size; bold?: boolean }>
  | Readonly<{ kind: 'pair'; left: string; right: string; size?: Size; bold?: boolean }>
  | Readonly<{ kind: 'columns'; cells: readonly Cell[] }>
  | Readonly<{ kind: 'rule' }>
  | Readonly<{ kind: 'feed'; lines: number }>
  | Readonly<{ kind: 'cut' }>;

/** What is to be printed, whatever the width of the paper. Plain data: it can be stored and sent as JSON. */
export type Receipt = Readonly<{ lines: readonly ReceiptLine[] }>;

/** One row as the print head sets it; `align` places a row that does not fill the paper. */
export type PrintedRow = Readonly<{ text: string; bold: boolean; size: Size; align: Align }>;

/** Columns of the paper: 32 on 58 mm, 48 on 80 mm. */
export type Paper = Readonly<{ columns: number }>;
