export { runKeyReviewContract, type KeyReviewSubject } from './key-review-contract.js';
export { runMailStoreContract } from './mail-store-contract.js';
export type { ContractSubject, OpenSubject } from './contract-subject.js';
