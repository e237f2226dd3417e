import { type Dialect, interchange, unionPayPos } from '@zhanggui/iso8583';
import { type FrameForm, interchangeForm, posForm } from './frame.ts';

/** A dialect without the type of its fields: what a name on the line can give. */
export type AnyDialect = Dialect<object>;

type Spoken = { readonly dialect: AnyDialect; readonly form: FrameForm };

/** Every dialect by its name, with the frame its messages travel in. */
export const dialects: Readonly<Record<string, Spoken>> = {
  [unionPayPos.name]: { dialect: unionPayPos, form: posForm },
  [interchange.name]: { dialect: interchange, form: interchangeForm },
};
