/** Answers an issuer gives (field 39); the words shown to people are the table of the message format. */
export type ResponseCode =
  | '00'
  | '04'
  | '05'
  | '12'
  | '13'
  | '14'
  | '15'
  | '21'
  | '25'
  | '30'
  | '38'
  | '40'
  | '41'
  | '43'
  | '45'
  | '51'
  | '54'
  | '55'
  | '57'
  | '59'
  | '62'
  | '64'
  | '75'
  | '94'
  | '99'
  | 'A7';

/** Every state a card can be in, and the answer it gives to whoever asks for money. */
export const cardStatuses = {
  active: { code: '00' },
  inactive: { code: '21' },
  captured: { code: '04' },
  blocked: { code: '38' },
  lost: { code: '41' },
  stolen: { code: '43' },
  restricted: { code: '62' },
} as const satisfies Record<string, { code: ResponseCode }>;

export type CardStatus = keyof typeof cardStatuses;
