import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_LISTED_NOTICES, deliveryReportDocument, mergeDeliveryReports, type DeliveryReportDocument } from './submission.js';

const outcomes = fc.dictionary(fc.constantFrom('a@example.net', 'b@example.net', '__proto__'), fc.record({ outcome: fc.constantFrom('delivered' as const, 'failed' as const), reply: fc.constantFrom('550', '250', '') }));
/** A notice arrives once: the same email always has the same time. */
const notices = fc.uniqueArray(fc.nat(60), { maxLength: MAX_LISTED_NOTICES }).map((numbers) => numbers.map((number) => ({ emailId: `E${number}`, receivedAtMs: number % 7 })));
const reports: fc.Arbitrary<DeliveryReportDocument> = fc.record({ submissionId: fc.constant('S1'), outcomes, notices });
const merged = fc.tuple(reports, reports).map(([a, b]) => mergeDeliveryReports(a, b));

test('two devices come to the same report, whoever merges, in any order, however often, and it stays within its bounds', () => {
  fc.assert(fc.property(merged, reports, reports, (a, b, c) => {
    expect(mergeDeliveryReports(a, b)).toEqual(mergeDeliveryReports(b, a));
    expect(mergeDeliveryReports(mergeDeliveryReports(a, b), c)).toEqual(mergeDeliveryReports(a, mergeDeliveryReports(b, c)));
    expect(mergeDeliveryReports(a, a)).toEqual(a);
    expect(deliveryReportDocument.safeParse(mergeDeliveryReports(b, c)).success).toBe(true);
  }));
});

test('of two outcomes the failure counts', () => {
  const report = (outcome: 'delivered' | 'failed', reply: string): DeliveryReportDocument => ({ submissionId: 'S1', outcomes: { a: { outcome, reply } }, notices: [] });
  expect(mergeDeliveryReports(report('delivered', '250'), report('failed', '200')).outcomes).toEqual({ a: { outcome: 'failed', reply: '200' } });
});
