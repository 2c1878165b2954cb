import type { ProcessExit } from '../pidfd/process-exit.ts';
import { CLD_DUMPED, CLD_EXITED } from './pidfd-constants.ts';
import { signalName } from './signal-number.ts';

/** How a process ended, from the status word that wait(2) knows (WIFEXITED and its kin). */
export function decodeWaitStatus(status: number): ProcessExit {
  const signal = status & 0x7f;
  return signal === 0 ? byExit((status >> 8) & 0xff) : bySignal(signal, (status & 0x80) !== 0);
}

/** How a process ended, from `si_code` and `si_status` as waitid(2) gives them. */
export function decodeSiginfo(code: number, status: number): ProcessExit {
  return code === CLD_EXITED ? byExit(status & 0xff) : bySignal(status & 0x7f, code === CLD_DUMPED);
}

function byExit(code: number): ProcessExit {
  return { code, signal: null, signalNumber: null, coreDumped: false };
}

function bySignal(number: number, coreDumped: boolean): ProcessExit {
  return { code: null, signal: signalName(number), signalNumber: number, coreDumped };
}
