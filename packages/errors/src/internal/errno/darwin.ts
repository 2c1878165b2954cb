import { bsdErrno } from './bsd.ts';

/** sys/errno.h of xnu. EOPNOTSUPP is 102 here (and was 45 before UNIX03), unlike on every other system. */
export function darwinErrno(): Record<string, number> {
  return {
    ...bsdErrno(),
    ENOTSUP: 45,
    EPWROFF: 82,
    EDEVERR: 83,
    EOVERFLOW: 84,
    EBADEXEC: 85,
    EBADARCH: 86,
    ESHLIBVERS: 87,
    EBADMACHO: 88,
    ECANCELED: 89,
    EIDRM: 90,
    ENOMSG: 91,
    EILSEQ: 92,
    ENOATTR: 93,
    EBADMSG: 94,
    EMULTIHOP: 95,
    ENODATA: 96,
    ENOLINK: 97,
    ENOSR: 98,
    ENOSTR: 99,
    EPROTO: 100,
    ETIME: 101,
    EOPNOTSUPP: 102,
    ENOPOLICY: 103,
    ENOTRECOVERABLE: 104,
    EOWNERDEAD: 105,
    EQFULL: 106,
  };
}
