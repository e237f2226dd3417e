import type { SandboxFault } from '@zhanggui/api/contract';
import { useEffect, useState } from 'react';
import { useWire } from '../phone-context.ts';

export type Faults = Readonly<{
  faults: readonly SandboxFault[] | undefined;
  isFailed: boolean;
  set: (fault: { id: string; active: boolean }) => void;
}>;

/** The list as the server has it; a switch shows the server's answer, never a hope. */
export const useFaults = (): Faults => {
  const wire = useWire();
  const [faults, setFaults] = useState<readonly SandboxFault[]>();
  const [isFailed, setFailed] = useState(false);
  const take = (answer: Promise<readonly SandboxFault[]>): void => {
    answer.then(
      (fetched) => {
        setFaults(fetched);
        setFailed(false);
      },
      () => setFailed(true),
    );
  };
  // A request to the server when the drawer opens.
  useEffect(() => take(wire.faults()), [wire]);
  return { faults, isFailed, set: (fault) => take(wire.setFault(fault)) };
};
