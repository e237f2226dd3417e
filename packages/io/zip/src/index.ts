export { readZip, writeZip, type ZipEntry, ZipError } from './zip.ts';
