import { CodecError } from './codec-error.ts';

type Widths = Readonly<Record<string, number>>;

/** Parts of fixed width inside one field; the trailing ones may be left out together. */
export type Layout<Required extends Widths, Optional extends Widths> = {
  /** Left-out parts before a given one are zeros. Throws `CodecError` when a part has not its width. */
  encode(view: View<Required, Optional>): string;
  /** Throws `CodecError` when the text ends inside a part. */
  decode(text: string): View<Required, Optional>;
};

type View<Required extends Widths, Optional extends Widths> = { readonly [Part in keyof Required]: string } & {
  readonly [Part in keyof Optional]?: string;
};

type Definition<Required, Optional> = {
  readonly field: string;
  readonly required: Required;
  readonly optional: Optional;
};

export const layout = <const Required extends Widths, const Optional extends Widths>({
  field,
  required,
  optional,
}: Definition<Required, Optional>): Layout<Required, Optional> => {
  const parts = Object.entries<number>({ ...required, ...optional });
  const requiredCount = Object.keys(required).length;

  const encode = (view: Readonly<Record<string, string | undefined>>): string => {
    const last = parts.findLastIndex(([name]) => view[name] !== undefined);
    const written = parts.slice(0, Math.max(last + 1, requiredCount));
    return written
      .map(([name, width], index) => {
        const part = view[name] ?? (index < requiredCount ? '' : '0'.repeat(width));
        if (part.length !== width) throw new CodecError('length-mismatch', { field });
        return part;
      })
      .join('');
  };

  const decode = (text: string): Record<string, string> => {
    const view: Record<string, string> = {};
    let at = 0;
    for (const [index, [name, width]] of parts.entries()) {
      if (at === text.length && index >= requiredCount) break;
      if (at + width > text.length) throw new CodecError('length-mismatch', { field });
      view[name] = text.slice(at, at + width);
      at += width;
    }
    if (at !== text.length) throw new CodecError('length-mismatch', { field });
    return view;
  };

  return { encode, decode: (text) => decode(text) as View<Required, Optional> };
};
