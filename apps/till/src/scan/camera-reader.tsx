import { Icon, StatusPanel } from '@zhanggui/ui';
import { readCodes } from '@zhanggui/ui/code-reader';
import { useT } from '../use-t.ts';
import { useCamera } from './camera-effect.ts';
import classes from './camera-reader.module.css';

/** Payment codes are shown as a QR code and as bars. */
const readPaymentCodes = (video: HTMLVideoElement): Promise<string[]> => readCodes(video, ['QRCode', 'Code128']);

/** The camera's eye: the first code it reads is handed on, once. Loaded when somebody asks for it. */
const CameraReader = ({ onCode }: { onCode: (text: string) => void }) => {
  const t = useT();
  const { video, trouble } = useCamera(readPaymentCodes, onCode);
  if (trouble)
    return (
      <StatusPanel role="warn" title={t(`camera.${trouble}`)} detail={t('camera.otherwise')} testId="camera-trouble" />
    );
  return (
    <div className={classes.finder} data-testid="camera">
      <video ref={video} className={classes.video} muted playsInline aria-label={t('camera.looking')} />
      <span className={classes.hint}>
        <Icon name="scan" size="small" />
        {t('camera.looking')}
      </span>
    </div>
  );
};

export default CameraReader;
