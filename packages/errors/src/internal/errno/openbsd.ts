import { bsdErrno } from './bsd.ts';

/** sys/errno.h of OpenBSD 7. */
export function openbsdErrno(): Record<string, number> {
  return {
    ...bsdErrno(),
    EOPNOTSUPP: 45,
    EIPSEC: 82,
    ENOATTR: 83,
    EILSEQ: 84,
    ENOMEDIUM: 85,
    EMEDIUMTYPE: 86,
    EOVERFLOW: 87,
    ECANCELED: 88,
    EIDRM: 89,
    ENOMSG: 90,
    ENOTSUP: 91,
    EBADMSG: 92,
    ENOTRECOVERABLE: 93,
    EOWNERDEAD: 94,
    EPROTO: 95,
  };
}
