import { Icon, type IconName, Status, usePick } from '@zhanggui/ui';
import { type ChangeEvent, useRef, useState } from 'react';
import { usePhone } from '../phone-context.ts';
import { BigButton } from '../shell/big-button.tsx';
import { Screen } from '../shell/screen.tsx';
import { Sheet } from '../shell/sheet.tsx';
import { useT } from '../texts.ts';
import { type CameraState, useCamera } from './camera-effect.ts';
import { useGiven } from './given-effect.ts';
import { type Reader, type Reading, useReading } from './reading.ts';
import classes from './scan-screen.module.css';
import { ShownButton } from './shown-button.tsx';

/** Every way a code can come to a phone: camera, photograph, picture, paste, drop, or simply the till's display. */
export const ScanScreen = () => {
  const t = useT();
  const { session, view } = usePhone();
  const { reading, read } = useReading();
  const videoRef = useRef<HTMLVideoElement>(null);
  const isLooking = session.order === undefined && view.prompt === undefined && session.outcome === undefined;
  const camera = useCamera(videoRef, isLooking, (text) => read({ kind: 'text', text }));
  useGiven(read);
  return (
    <Screen name="scan" title={t('scan.title')} look="finder" foot={<ScanFoot read={read} />}>
      <div className={classes.finder} data-testid="finder" data-camera={camera}>
        <video ref={videoRef} className={classes.video} autoPlay muted playsInline hidden={camera !== 'open'} />
        <span className={classes.frame} aria-hidden="true">
          {camera !== 'open' && <Icon name={camera === 'asking' ? 'camera' : 'picture'} size="large" />}
        </span>
        <CameraWords camera={camera} />
        <ReadingWords reading={reading} />
      </div>
    </Screen>
  );
};

const CameraWords = ({ camera }: { camera: CameraState }) => {
  const t = useT();
  const words = (): string => {
    if (camera === 'open') return t('scan.aim');
    return camera === 'asking' ? t('scan.asking') : t(`scan.no-camera.${camera}`);
  };
  return <p className={classes.words}>{words()}</p>;
};

const ReadingWords = ({ reading }: { reading: Reading }) => {
  const t = useT();
  const pick = usePick();
  if (reading.kind === 'idle') return null;
  const textOf = (shown: Exclude<Reading, { kind: 'idle' }>): string => {
    if (shown.kind === 'refused') return pick(shown.text);
    return t(shown.kind === 'failed' ? 'line.failed' : `scan.${shown.kind}`);
  };
  return (
    <div className={classes.reading} data-testid="scan-reading" data-kind={reading.kind}>
      <Status role={reading.kind === 'reading' ? 'busy' : 'danger'} label={textOf(reading)} look="plain" />
    </div>
  );
};

const ScanFoot = ({ read }: Pick<Reader, 'read'>) => {
  const t = useT();
  const [isPasting, setPasting] = useState(false);
  return (
    <>
      <ShownButton look="main" />
      <div className={classes.ways}>
        <PictureWay icon="camera" label={t('scan.photo')} capture testId="scan-photo" read={read} />
        <PictureWay icon="picture" label={t('scan.picture')} testId="scan-picture" read={read} />
        <BigButton look="finder" icon="paste" testId="scan-paste" onPress={() => setPasting(true)}>
          {t('scan.paste')}
        </BigButton>
      </div>
      <Sheet isOpen={isPasting} title={t('scan.paste.title')} testId="paste-sheet" onClose={() => setPasting(false)}>
        <PasteForm
          onText={(text) => {
            setPasting(false);
            read({ kind: 'text', text });
          }}
        />
      </Sheet>
    </>
  );
};

type PictureWayProps = Pick<Reader, 'read'> & {
  readonly icon: IconName;
  readonly label: string;
  /** Straight to the camera where the device has one; works on plain http too. */
  readonly capture?: boolean;
  readonly testId: string;
};

const PictureWay = ({ icon, label, capture, testId, read }: PictureWayProps) => {
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    const picture = event.currentTarget.files?.[0];
    // The same picture may be chosen twice.
    event.currentTarget.value = '';
    if (picture) read({ kind: 'picture', picture });
  };
  return (
    <label className={classes.way}>
      <Icon name={icon} />
      <span>{label}</span>
      <input
        type="file"
        accept="image/*"
        capture={capture ? 'environment' : undefined}
        className={classes.file}
        data-testid={testId}
        onChange={take}
      />
    </label>
  );
};

const PasteForm = ({ onText }: { onText: (text: string) => void }) => {
  const t = useT();
  const [text, setText] = useState('');
  return (
    <>
      <label className={classes.label}>
        <span>{t('scan.paste.label')}</span>
        <textarea
          className={classes.field}
          rows={3}
          value={text}
          data-autofocus
          data-testid="paste-text"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <p className={classes.hint}>{t('scan.paste.hint')}</p>
      <BigButton testId="paste-read" disabled={text.trim() === ''} onPress={() => onText(text.trim())}>
        {t('scan.paste.read')}
      </BigButton>
    </>
  );
};
