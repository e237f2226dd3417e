export { ean13CheckDigit, isEan13, isLuhnValid, luhnCheckDigit, uuidv7 } from './ids.ts';
