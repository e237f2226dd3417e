/** Text of the first QR code in a picture; `no-picture` when it is no picture at all. The reader comes with its first use. */
export const codeInPicture = async (
  picture: Blob,
): Promise<{ kind: 'code'; text: string } | { kind: 'nothing' | 'no-picture' }> => {
  const { readCodes } = await import('@zhanggui/ui/code-reader');
  try {
    const [text] = await readCodes(picture, ['QRCode']);
    return text === undefined ? { kind: 'nothing' } : { kind: 'code', text };
  } catch {
    return { kind: 'no-picture' };
  }
};

export const codeInVideo = async (video: HTMLVideoElement): Promise<string | undefined> => {
  const { readCodes } = await import('@zhanggui/ui/code-reader');
  const [text] = await readCodes(video, ['QRCode']);
  return text;
};
