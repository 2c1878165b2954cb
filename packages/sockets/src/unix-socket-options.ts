/** What a new socket, or each of a pair, is set to; each as the property of its name. */
export interface UnixSocketOptions {
  passCredentials?: boolean | undefined;
  sendBufferBytes?: number | undefined;
  receiveBufferBytes?: number | undefined;
}
