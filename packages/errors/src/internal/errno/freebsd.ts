import { bsdErrno } from './bsd.ts';

/** sys/errno.h of FreeBSD 14. */
export function freebsdErrno(): Record<string, number> {
  return {
    ...bsdErrno(),
    ENOTSUP: 45,
    EOPNOTSUPP: 45,
    EIDRM: 82,
    ENOMSG: 83,
    EOVERFLOW: 84,
    ECANCELED: 85,
    EILSEQ: 86,
    ENOATTR: 87,
    EDOOFUS: 88,
    EBADMSG: 89,
    EMULTIHOP: 90,
    ENOLINK: 91,
    EPROTO: 92,
    ENOTCAPABLE: 93,
    ECAPMODE: 94,
    ENOTRECOVERABLE: 95,
    EOWNERDEAD: 96,
    EINTEGRITY: 97,
  };
}
