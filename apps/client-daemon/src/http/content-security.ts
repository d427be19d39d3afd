// Content-Security-Policy of the two origins. The app runs no inline script, no eval, and no HTML sink (Trusted Types with no
// policy at all); the mail view runs exactly one script, pinned by its hash, in an opaque origin without network.

import type { LoopbackNames } from './origin-guard.js';

export function appHeaders(names: LoopbackNames): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:", "font-src 'self'", "connect-src 'self'",
      "manifest-src 'self'", `frame-src http://${names.view}`, "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'",
      "require-trusted-types-for 'script'", "trusted-types 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  };
}

export function viewHeaders(names: LoopbackNames, scriptHash: string): Record<string, string> {
  return {
    'content-security-policy': [
      'sandbox allow-scripts', "default-src 'none'", `script-src '${scriptHash}'`, "style-src 'unsafe-inline'", 'img-src data:',
      "form-action 'none'", "base-uri 'none'", `frame-ancestors http://${names.app}`,
    ].join('; '),
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'x-dns-prefetch-control': 'off',
  };
}
