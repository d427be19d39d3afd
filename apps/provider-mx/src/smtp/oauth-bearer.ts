/** Fields of both forms end in this. */
const SEPARATOR = '\x01';

/**
 * The answer of a client to OAUTHBEARER (RFC 7628 §3.1) as XOAUTH2 has it, which smtp-server knows: both carry a user name and a bearer token.
 * Both in base64; null when it is none.
 */
export function xoauth2Of(oauthBearer: string): string | null {
  const [gs2Header = '', ...fields] = Buffer.from(oauthBearer, 'base64').toString().split(SEPARATOR);
  // gs2-header = "n,a=" saslname ","   RFC 5801 §4; a comma in the name is =2C, an equals sign =3D
  const name = /^[ny],a=([^,]+),$/.exec(gs2Header)?.[1]?.replace(/=2C/g, ',').replace(/=3D/g, '=');
  const authorization = fields.find((field) => /^auth=Bearer /i.test(field));
  if (name === undefined || authorization === undefined) return null;
  return Buffer.from([`user=${name}`, authorization, '', ''].join(SEPARATOR)).toString('base64');
}
