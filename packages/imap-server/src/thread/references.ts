// REFERENCES, RFC 5256 §3: who answers whom, as the References fields say, with what is left joined by subject.
//
// The RFC links while it reads and breaks links that turn out wrong. Here every message first gets the parent that it names
// itself, and only then do lists of others fill the gaps: the same trees, except where messages name each other in a circle,
// and a link that would close a circle is known by the root of its tree in nearly constant time, however long the chain.

import { bySentDate, type Thread, type ThreadMessage } from './thread.js';

/** A place in a tree; `message` null: known only because others name it. */
interface Container {
  message: ThreadMessage | null;
  parent: Container | null;
  children: Container[];
  /** Nearer to the root of its tree; itself at the root. */
  towardsRoot: Container;
}

export function threadByReferences(messages: readonly ThreadMessage[]): Thread[] {
  const containers = linkedContainers(messages);
  const top = containers.filter(({ parent }) => parent === null);
  pruneDummies(top);
  const roots = joinSubjects(sortedBySentDate(top.flatMap(promoted)));
  for (const container of parentsFirst(roots)) if (container.children.length > 1) container.children = sortedBySentDate(container.children);
  return threadsOf(sortedBySentDate(roots));
}

function newContainer(message: ThreadMessage | null): Container {
  const container = { message, parent: null, children: [] } as unknown as Container;
  container.towardsRoot = container;
  return container;
}

/** Step 1. */
function linkedContainers(messages: readonly ThreadMessage[]): Container[] {
  const byId = new Map<string, Container>();
  const all: Container[] = [];
  const add = (message: ThreadMessage | null): Container => {
    const container = newContainer(message);
    all.push(container);
    return container;
  };
  const named = (id: string): Container => {
    const known = byId.get(id);
    if (known) return known;
    const dummy = add(null);
    byId.set(id, dummy);
    return dummy;
  };
  const own = messages.map((message) => {
    // Without an id, or with one that another has: nobody can answer it by name.
    if (message.messageId === null || byId.has(message.messageId)) return add(message);
    const container = named(message.messageId);
    container.message = message;
    return container;
  });
  const chains = messages.map(({ references }) => references.map(named));
  own.forEach((container, index) => link(chains[index]!.at(-1), container));
  for (const chain of chains) chain.forEach((container, index) => link(chain[index - 1], container));
  return all;
}

/** Links unless the child has a parent already, or the link would close a circle. */
function link(parent: Container | undefined, child: Container): void {
  if (!parent || child.parent || rootOf(parent) === child) return;
  child.parent = parent;
  child.towardsRoot = parent;
  parent.children.push(child);
}

/** Shortens the way on the way, so that long chains are walked once. */
function rootOf(container: Container): Container {
  let at = container;
  while (at.towardsRoot !== at) {
    at.towardsRoot = at.towardsRoot.towardsRoot;
    at = at.towardsRoot;
  }
  return at;
}

/** Step 3, below the top: the children of a message that is not here take its place. */
function pruneDummies(top: readonly Container[]): void {
  for (const container of parentsFirst(top).reverse()) {
    if (container.children.some(({ message }) => message === null)) {
      container.children = container.children.flatMap((child) => (child.message ? [child] : child.children));
    }
  }
}

/** Step 3, at the top: one stays where it holds several together. */
function promoted(container: Container): Container[] {
  return container.message || container.children.length > 1 ? [container] : container.children;
}

/** Every container below these and these, no child before its parent. */
function parentsFirst(top: readonly Container[]): Container[] {
  const ordered = [...top];
  for (let index = 0; index < ordered.length; index++) for (const child of ordered[index]!.children) ordered.push(child);
  return ordered;
}

/** The message that speaks for a container: its own, or the earliest below a dummy. */
function speaker({ message, children }: Container): ThreadMessage {
  return message ?? children.map((child) => child.message!).reduce((first, other) => (bySentDate(other, first) < 0 ? other : first));
}

function sortedBySentDate(containers: readonly Container[]): Container[] {
  return containers.map((container) => ({ container, by: speaker(container) }))
    .sort((left, right) => bySentDate(left.by, right.by))
    .map(({ container }) => container);
}

/** Step 5: threads of one base subject are one. */
function joinSubjects(roots: readonly Container[]): Container[] {
  const groups = Map.groupBy(roots, (root) => speaker(root).baseSubject);
  return [...groups].flatMap(([subject, group]) => (subject === '' ? group : [joined(group)]));
}

function joined(group: readonly Container[]): Container {
  const head = group.reduce((best, root) => (isBetterHead(root, best) ? root : best));
  return group.filter((root) => root !== head).reduce(merge, head);
}

/** Step 5.B: rather a dummy, rather what is no reply. */
function isBetterHead(root: Container, other: Container): boolean {
  if (!other.message) return false;
  return !root.message || (other.message.isReply && !root.message.isReply);
}

/** Step 5.C. What holds both. */
function merge(head: Container, root: Container): Container {
  if (!head.message) {
    for (const child of root.message ? [root] : root.children) head.children.push(child);
    return head;
  }
  if (root.message?.isReply && !head.message.isReply) {
    head.children.push(root);
    return head;
  }
  const both = newContainer(null);
  both.children = [head, root];
  return both;
}

/** Children before their parents, so that no depth is too deep. */
function threadsOf(roots: readonly Container[]): Thread[] {
  const threads = new Map<Container, Thread>();
  for (const container of parentsFirst(roots).reverse()) {
    threads.set(container, { number: container.message?.number ?? null, children: container.children.map((child) => threads.get(child)!) });
  }
  return roots.map((root) => threads.get(root)!);
}
