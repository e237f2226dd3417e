export { certificatesIn, isUnder } from './chain.ts';
