/** RFC 3463 §2, at the beginning of a reply's text. */
const ENHANCED_STATUS = /^[245]\.\d{1,3}\.\d{1,3} /;

/** Whether a reply brings an enhanced status code of its own. */
export function hasEnhancedStatus(text: string | string[] | null | undefined): boolean {
  return ENHANCED_STATUS.test([text ?? ''].flat()[0] ?? '');
}
