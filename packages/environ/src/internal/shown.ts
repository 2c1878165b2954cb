const longest = 60;
/** Wherever they stand in a name, as in PGPASSWORD. */
const secretParts = /PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIAL|TOKEN|APIKEY|(?<=.)_PWD$/;
/** As whole words only: a KEYBOARD is none. */
const secretWords =
  /(?:^|[^A-Z])(?:PASS|KEYS?|PRIVATE|AUTH|BEARER|JWT|DSN|PIN|OTP|SALT|PEPPER|COOKIE|SIGNATURE)(?![A-Z])/;

/** Whether a name says by one of its words that the value is to be kept: `DB_PASSWORD`, `apiKey`, `GITHUB_TOKEN`. */
export function namesSecret(name: string): boolean {
  const words = /^[A-Z\d_]*$/.test(name) ? name : name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_').toUpperCase();
  return secretParts.test(words) || secretWords.test(words);
}

/** A value in a message: quoted, on one line, short, and without what may be a password before an `@`. */
export function shownValue(text: string): string {
  const bare = withoutCredentials(text);
  const short = bare.length > longest ? `${bare.slice(0, longest - 3)}...` : bare;
  return `"${onOneLine(short).replaceAll('"', '\\"')}"`;
}

/** `user:password@` in front of a host, also where a scheme is missing or wrong; rather too much than too little. */
export function withoutCredentials(text: string): string {
  const end = text.lastIndexOf('@');
  if (end === -1 || !text.slice(0, end).includes(':')) return text;
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0] ?? '';
  return `${scheme}***${text.slice(end)}`;
}

/** Control characters and lone surrogates escaped, so that a value cannot break a log line or a terminal. */
export function onOneLine(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu,
    (character) => {
      const code = character.charCodeAt(0);
      if (code === 10) return '\\n';
      if (code === 9) return '\\t';
      return `\\u${code.toString(16).padStart(4, '0')}`;
    },
  );
}
