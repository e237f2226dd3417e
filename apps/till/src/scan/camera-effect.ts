import { type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';

export type CameraTrouble = 'denied' | 'none';

const betweenLooksMs = 120;

type Reader = (video: HTMLVideoElement) => Promise<string[]>;

/** The camera on the back of the device, shown in `video` and read until the first code. */
export const useCamera = (
  read: Reader,
  onCode: (text: string) => void,
): { video: RefObject<HTMLVideoElement | null>; trouble: CameraTrouble | undefined } => {
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState<CameraTrouble>();
  const hear = useEffectEvent(onCode);
  // A camera is a device: it has to be opened, looked through again and again, and given back.
  useEffect(() => {
    const gone = new AbortController();
    let stream: MediaStream | undefined;
    const look = async (): Promise<void> => {
      const devices: MediaDevices | undefined = navigator.mediaDevices;
      if (!devices) return setTrouble('none');
      stream = await devices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
      const screen = video.current;
      if (gone.signal.aborted || !screen) return stop(stream);
      screen.srcObject = stream;
      await screen.play();
      while (!gone.signal.aborted) {
        const [text] = screen.videoWidth > 0 ? await read(screen) : [];
        if (gone.signal.aborted) return;
        if (text !== undefined) return hear(text);
        await new Promise((resolve) => setTimeout(resolve, betweenLooksMs));
      }
    };
    look().catch((error: unknown) => {
      if (gone.signal.aborted) return;
      setTrouble(error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'none');
    });
    return () => {
      gone.abort();
      stop(stream);
    };
  }, [read]);
  return { video, trouble };
};

const stop = (stream: MediaStream | undefined): void => {
  for (const track of stream?.getTracks() ?? []) track.stop();
};
