/**
 * UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then random bits, so that identities sort by birth.
 * `random` gives 10 bytes.
 */
export const uuidv7 = (atMs: number, random: Uint8Array): string => {
  if (random.length < 10) throw new RangeError('a UUIDv7 needs 10 random bytes');
  const time = atMs.toString(16).padStart(12, '0');
  const tail = Array.from(random.subarray(0, 10), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((Number.parseInt(tail.slice(4, 5), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(1, 4)}-${variant}${tail.slice(5, 8)}-${tail.slice(8, 20)}`;
};

const luhnSum = (digits: string): number => {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
};

/** Check digit that completes a PAN (ISO/IEC 7812-1 Annex B, Luhn). */
export const luhnCheckDigit = (payload: string): string => String((10 - (luhnSum(`${payload}0`) % 10)) % 10);

export const isLuhnValid = (digits: string): boolean => /^\d{2,}$/.test(digits) && luhnSum(digits) % 10 === 0;

/** Check digit of a 13-digit article number from its first twelve (GS1 General Specifications §7.9). */
export const ean13CheckDigit = (payload: string): string => {
  if (!/^\d{12}$/.test(payload)) throw new RangeError('an EAN-13 payload is twelve digits');
  let sum = 0;
  for (let index = 0; index < 12; index += 1) sum += (payload.charCodeAt(index) - 48) * (index % 2 === 0 ? 1 : 3);
  return String((10 - (sum % 10)) % 10);
};

export const isEan13 = (code: string): boolean =>
  /^\d{13}$/.test(code) && ean13CheckDigit(code.slice(0, 12)) === code.slice(12);
