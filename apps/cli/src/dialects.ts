import {
  type Dialect,
  interchange,
  iso1987,
  iso1987Ascii,
  iso1987Binary,
  iso1993Ascii,
  iso1993Binary,
  iso2003Ascii,
  iso2003Binary,
  unionPayPos,
} from '@zhanggui/iso8583';
import { type FrameForm, interchangeForm, plainForm, posForm } from './frame.ts';

/** A dialect without the type of its fields: what a name on the line can give. */
export type AnyDialect = Dialect<object>;

type Spoken = { readonly dialect: AnyDialect; readonly form: FrameForm };

const standards: readonly AnyDialect[] = [
  iso1987,
  iso1987Ascii,
  iso1987Binary,
  iso1993Ascii,
  iso1993Binary,
  iso2003Ascii,
  iso2003Binary,
];

/** Every dialect by its name, with the frame its messages travel in. */
export const dialects: Readonly<Record<string, Spoken>> = {
  [unionPayPos.name]: { dialect: unionPayPos, form: posForm },
  [interchange.name]: { dialect: interchange, form: interchangeForm },
  ...Object.fromEntries(standards.map((dialect) => [dialect.name, { dialect, form: plainForm }])),
};
