/** SOCK_DGRAM, SOCK_STREAM, SOCK_SEQPACKET. */
export type SocketType = 'datagram' | 'stream' | 'seqpacket';
