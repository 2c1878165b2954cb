import type { EventEmitter } from 'node:events';

/** What pino tells its destination about itself. */
export interface PinoConfig {
  readonly levels?: { readonly labels?: Readonly<Record<string, string>> };
  readonly messageKey?: string;
  readonly errorKey?: string;
}

/** pino tells before it writes the first line. Who uses pino's transport without pino tells nothing. */
const CONFIG_WAIT_MS = 100;

export function pinoConfigOf(message: unknown): PinoConfig | undefined {
  const { code, config } = (message ?? {}) as { code?: unknown; config?: unknown };
  return code === 'PINO_CONFIG' ? (config as PinoConfig) : undefined;
}

/** In pino's worker: hands on what pino tells the thread, as the event by which it tells a stream of its own thread. */
export async function forwardPinoConfig(stream: EventEmitter): Promise<void> {
  const threads = process.getBuiltinModule('node:worker_threads');
  const { parentPort } = threads;
  const given = threads.workerData as { workerData?: { pinoWillSendConfig?: unknown } } | null;
  if (parentPort === null || given?.workerData?.pinoWillSendConfig !== true) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, CONFIG_WAIT_MS);
    const forward = (message: unknown): void => {
      if (pinoConfigOf(message) === undefined) return;
      stream.emit('message', message);
      clearTimeout(timer);
      resolve();
    };
    parentPort.on('message', forward);
    stream.once('close', () => parentPort.off('message', forward));
  });
}
