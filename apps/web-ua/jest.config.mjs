import base from '../../jest.base.mjs';

// test/ has the browser tests and what they need; imports there end in .ts, because Node also runs them as they are.
export default { ...base, roots: ['<rootDir>/src', '<rootDir>/test'], forceExit: true };
