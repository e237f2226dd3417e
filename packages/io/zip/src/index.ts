export { openZip, writeZip, ZipError, type ZipFile } from './zip.ts';
