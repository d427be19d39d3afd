import { expect, test } from '@jest/globals';
import { parseReportRequest } from './report-requests.js';

const mail = (address: string) => ({ scheme: 'mailto', address });
const post = (url: string) => ({ scheme: 'https', url });

test.each<[string, string[], unknown[]]>([
  ['one address', ['v=TLSRPTv1; rua=mailto:tls@there.example'], [mail('tls@there.example')]],
  ['no white space', ['v=TLSRPTv1;rua=mailto:tls@there.example;'], [mail('tls@there.example')]],
  ['an address and a URL', ['v=TLSRPTv1; rua=mailto:tls@there.example, https://there.example/tls'], [mail('tls@there.example'), post('https://there.example/tls')]],
  ['other records beside it', ['site=1', 'v=TLSRPTv1; rua=mailto:tls@there.example'], [mail('tls@there.example')]],
  ['fields of later versions', ['v=TLSRPTv1; ruf=mailto:x@there.example; rua=mailto:tls@there.example'], [mail('tls@there.example')]],
  ['what is percent-encoded', ['v=TLSRPTv1; rua=mailto:tls%21a@there.example'], [mail('tls!a@there.example')]],
  ['more than we write to', [`v=TLSRPTv1; rua=${['a', 'b', 'c', 'd'].map((name) => `mailto:${name}@there.example`).join(',')}`], ['a', 'b', 'c'].map((name) => mail(`${name}@there.example`))],
])('a record with %s', (_name, records, destinations) => {
  expect(parseReportRequest(records)).toEqual({ kind: 'wanted', destinations });
});

test.each<[string, string[]]>([
  ['nothing', []],
  ['two records', ['v=TLSRPTv1; rua=mailto:a@there.example', 'v=TLSRPTv1; rua=mailto:b@there.example']],
  ['another version', ['v=TLSRPTv2; rua=mailto:a@there.example']],
  ['nobody to write to', ['v=TLSRPTv1']],
  ['http', ['v=TLSRPTv1; rua=http://there.example/']],
  ['what is no address', ['v=TLSRPTv1; rua=mailto:there']],
  ['a URL without end', [`v=TLSRPTv1; rua=https://there.example/${'a'.repeat(1000)}`]],
])('%s asks for no reports', (_name, records) => {
  expect(parseReportRequest(records)).toEqual({ kind: 'none' });
});
