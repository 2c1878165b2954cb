import { linuxConstants } from '@osx/native-ffi';

import { messageHeader } from './message-header.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { sendmsgCall, sendtoCall } from './socket-calls.ts';

/** One send that does not wait and raises no SIGPIPE: bytes sent, or the negative errno. */
export function sendNow(fd: number, { bytes, to, control }: OutgoingMessage): number {
  const { MSG_DONTWAIT, MSG_NOSIGNAL } = linuxConstants();
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  if (control === undefined) {
    return sendtoCall(fd, bytes, bytes.byteLength, flags, to?.bytes ?? null, to?.bytes.byteLength ?? 0);
  }
  const header = messageHeader();
  header.prepareSend(bytes, to?.bytes, control);
  try {
    return sendmsgCall(fd, header.bytes, flags);
  } finally {
    header.release();
  }
}
