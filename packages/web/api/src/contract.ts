/** Every request and answer between the faces and the server. Browsers bundle this: zod, money and types, nothing else. */
export * from './contract/common.ts';
export * from './contract/office.ts';
export * from './contract/phone.ts';
export * from './contract/qr-office.ts';
export * from './contract/qr-payments.ts';
export { basketItemOf, cashRoundingOf, saleDocument, saleOf } from './contract/sale-document.ts';
export * from './contract/sandbox.ts';
export * from './contract/terminal.ts';
export * from './contract/till.ts';
