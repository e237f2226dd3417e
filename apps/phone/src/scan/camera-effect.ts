import { type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';
import { codeInVideo } from './find-code.ts';

export type CameraState = 'asking' | 'open' | 'insecure' | 'denied' | 'missing';

const lookEveryMs = 200;
/** So many empty looks in a row mean that the code was taken away; one may be a shaking hand. */
const emptyLooks = 5;

/** Why there is no picture, in the browser's own error names (W3C Media Capture). */
const stateOfError = (error: unknown): CameraState =>
  error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'SecurityError')
    ? 'denied'
    : 'missing';

/** The camera at the back of the phone while the scan screen is open, and the codes it sees. */
export const useCamera = (
  videoRef: RefObject<HTMLVideoElement | null>,
  isLooking: boolean,
  onCode: (text: string) => void,
): CameraState => {
  const [state, setState] = useState<CameraState>(navigator.mediaDevices ? 'asking' : 'insecure');
  const held = useRef<{ text: string; emptyLooks: number }>(undefined);
  // A code that stays in front of the camera is told once: an order that was put away does not come back by itself.
  const see = useEffectEvent((text: string | undefined) => {
    if (text === undefined) {
      if (held.current && (held.current.emptyLooks += 1) >= emptyLooks) held.current = undefined;
      return;
    }
    const isKnown = held.current?.text === text;
    held.current = { text, emptyLooks: 0 };
    if (!isKnown && isLooking) onCode(text);
  });

  // A device: it is asked for when the screen opens and let go of when it closes.
  useEffect(() => {
    if (!navigator.mediaDevices) return;
    let stream: MediaStream | undefined;
    let isGone = false;
    const stop = (opened: MediaStream): void => {
      for (const track of opened.getTracks()) track.stop();
    };
    navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false }).then(
      (opened) => {
        if (isGone) return stop(opened);
        stream = opened;
        if (videoRef.current) videoRef.current.srcObject = opened;
        setState('open');
      },
      (error: unknown) => !isGone && setState(stateOfError(error)),
    );
    return () => {
      isGone = true;
      if (stream) stop(stream);
    };
  }, [videoRef]);

  // A timer of the browser: a camera does not say when a code is in front of it. One look at a time.
  useEffect(() => {
    if (state !== 'open' || !isLooking) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const look = async (): Promise<void> => {
      const video = videoRef.current;
      const isReady = video !== null && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
      const text = isReady ? await codeInVideo(video).catch(() => undefined) : undefined;
      if (isGone) return;
      see(text);
      timer = setTimeout(() => void look(), lookEveryMs);
    };
    void look();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [state, isLooking, videoRef]);
  return state;
};
