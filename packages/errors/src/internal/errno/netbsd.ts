import { bsdErrno } from './bsd.ts';

/** sys/errno.h of NetBSD 10. */
export function netbsdErrno(): Record<string, number> {
  return {
    ...bsdErrno(),
    EOPNOTSUPP: 45,
    EIDRM: 82,
    ENOMSG: 83,
    EOVERFLOW: 84,
    EILSEQ: 85,
    ENOTSUP: 86,
    ECANCELED: 87,
    EBADMSG: 88,
    ENODATA: 89,
    ENOSR: 90,
    ENOSTR: 91,
    ETIME: 92,
    ENOATTR: 93,
    EMULTIHOP: 94,
    ENOLINK: 95,
    EPROTO: 96,
    EOWNERDEAD: 97,
    ENOTRECOVERABLE: 98,
  };
}
