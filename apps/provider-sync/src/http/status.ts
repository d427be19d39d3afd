/** Status codes of answers that are not errors, RFC 9110 §15. */
export const OK = 200;
export const CREATED = 201;
export const NO_CONTENT = 204;
export const PARTIAL_CONTENT = 206;
