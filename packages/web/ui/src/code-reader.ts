import { prepareZXingModule, type ReadInputBarcodeFormat, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

prepareZXingModule({ overrides: { locateFile: () => wasmUrl } });

const edgeMaxPx = 1600;

/**
 * Texts of the codes in a picture. Import this file when a camera or a picture is at hand: it brings a megabyte, from our own server.
 * Throws when the bytes are no picture the browser knows.
 */
export const readCodes = async (
  picture: Blob | HTMLVideoElement,
  formats: readonly ReadInputBarcodeFormat[],
): Promise<string[]> => {
  const results = await readBarcodes(await pixelsOf(picture), {
    formats: [...formats],
    tryHarder: picture instanceof Blob,
    maxNumberOfSymbols: 4,
  });
  return results.filter(({ isValid }) => isValid).map(({ text }) => text);
};

/** A photograph of many megapixels is read sooner and no worse when it is made smaller first. */
const pixelsOf = async (picture: Blob | HTMLVideoElement): Promise<ImageData> => {
  const bitmap = await createImageBitmap(picture);
  const scale = Math.min(1, edgeMaxPx / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser draws no pictures');
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
};
