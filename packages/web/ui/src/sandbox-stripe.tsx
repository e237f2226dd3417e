import { useUiT } from './face.tsx';
import classes from './sandbox-stripe.module.css';

/** Fixed on every face of the simulated world, so that nobody takes it for money. */
export const SandboxStripe = () => {
  const t = useUiT();
  return (
    <div className={classes.stripe} data-testid="sandbox-stripe">
      {t('sandbox.stripe')}
    </div>
  );
};
