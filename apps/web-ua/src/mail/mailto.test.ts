import { expect, test } from '@jest/globals';
import { draftFromMailto } from './mailto.js';

test('mailto takes recipients, subject and body, nothing else', () => {
  expect(draftFromMailto('mailto:ana+x@x.org,b@x.org?subject=A%0D%0ABcc:%20c@x.org&body=one%0D%0Atwo&attach=/etc/passwd&bcc=d@x.org&cc=e@x.org')).toEqual({
    to: [{ name: null, email: 'ana+x@x.org' }, { name: null, email: 'b@x.org' }], cc: [{ name: null, email: 'e@x.org' }], subject: 'A Bcc: c@x.org', body: 'one\ntwo',
  });
});
