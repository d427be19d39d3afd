// REFERENCES, RFC 5256 §3: who answers whom, as the References fields say, with what is left joined by subject.
//
// The RFC links while it reads and breaks links that turn out wrong. Here every message first gets the parent that it names
// itself, and only then do lists of others fill the gaps: the same trees, except where messages name each other in a circle,
// and a link that would close a circle is known by the root of its tree in nearly constant time, however long the chain.
//
// A container (a message, or a dummy known only because others name it) is a place in columns, and every step but the last only
// says what stands above what: no lists of children, which 100,000 messages would pay for.

import { bySentDate, hangThreads, NOBODY, type ThreadMessages, type Threads } from './thread.js';

export function threadByReferences(messages: ThreadMessages): Threads {
  const dates = bySentDate(messages);
  const above = withoutDummies(linkedParents(messages), dates.length);
  joinSubjects(messages, rootsOf(dates, above), above);
  return hangThreads(messages, dates, above.column);
}

/** Above whom each container stands. Dummies come behind the messages; there is room for those that subjects will make. */
class Above {
  readonly column: Int32Array;

  constructor(readonly messages: number, public containers: number) {
    this.column = new Int32Array(containers + messages).fill(NOBODY);
  }

  isDummy(container: number): boolean {
    return container >= this.messages;
  }

  newDummy(): number {
    return this.containers++;
  }
}

/** Step 1: the parent of each container. */
function linkedParents(messages: ThreadMessages): Int32Array {
  const { references, referenceEnds, messageIds, ids } = messages;
  const count = messageIds.length;
  const byId = new Int32Array(ids).fill(NOBODY);
  // Without an id, or with one that another has: nobody can answer it by name.
  for (let place = 0; place < count; place++) if (messageIds[place] !== 0 && byId[messageIds[place]!] === NOBODY) byId[messageIds[place]!] = place;
  let containers = count;
  const named = new Int32Array(references.length);
  for (let at = 0; at < named.length; at++) {
    if (byId[references[at]!] === NOBODY) byId[references[at]!] = containers++;
    named[at] = byId[references[at]!]!;
  }
  const links = new Links(containers);
  const startOf = (place: number): number => (place === 0 ? 0 : referenceEnds[place - 1]!);
  for (let place = 0; place < count; place++) if (referenceEnds[place]! > startOf(place)) links.link(named[referenceEnds[place]! - 1]!, place);
  for (let place = 0; place < count; place++) for (let at = startOf(place) + 1; at < referenceEnds[place]!; at++) links.link(named[at - 1]!, named[at]!);
  return links.parents;
}

class Links {
  readonly parents: Int32Array;
  /** Nearer to the root of its tree; itself at the root. */
  readonly #towardsRoot: Int32Array;

  constructor(containers: number) {
    this.parents = new Int32Array(containers).fill(NOBODY);
    this.#towardsRoot = new Int32Array(containers);
    for (let container = 0; container < containers; container++) this.#towardsRoot[container] = container;
  }

  /** Links unless the child has a parent already, or the link would close a circle. */
  link(parent: number, child: number): void {
    if (this.parents[child] !== NOBODY || this.#rootOf(parent) === child) return;
    this.parents[child] = parent;
    this.#towardsRoot[child] = parent;
  }

  /** Shortens the way on the way, so that long chains are walked once. */
  #rootOf(container: number): number {
    const towards = this.#towardsRoot;
    let at = container;
    while (towards[at] !== at) {
      towards[at] = towards[towards[at]!]!;
      at = towards[at]!;
    }
    return at;
  }
}

/** Steps 2 and 3: below a message its messages take the place of dummies, and at the top a dummy stays where it holds several. */
function withoutDummies(parents: Int32Array, messages: number): Above {
  const above = new Above(messages, parents.length);
  const held = new Uint32Array(parents.length);
  for (let place = 0; place < messages; place++) {
    const parent = parents[place]! === NOBODY ? NOBODY : nearestMessage(parents[place]!, parents, messages);
    above.column[place] = parent;
    if (parent >= messages) held[parent]! += 1;
  }
  for (let place = 0; place < messages; place++) if (above.isDummy(above.column[place]!) && held[above.column[place]!] === 1) above.column[place] = NOBODY;
  return above;
}

/** From a container upwards, itself included; where there is none, the dummy at the top. Shortens the way for the next. */
function nearestMessage(container: number, parents: Int32Array, messages: number): number {
  let found = container;
  while (found >= messages && parents[found] !== NOBODY) found = parents[found]!;
  for (let at = container; at !== found;) {
    const next = parents[at]!;
    parents[at] = found;
    at = next;
  }
  return found;
}

/** What stands at the top, by date of the message that speaks for it: itself, or the earliest below a dummy. */
interface Roots {
  containers: readonly number[];
  speakers: readonly number[];
}

function rootsOf(dates: Uint32Array, above: Above): Roots {
  const [containers, speakers]: [number[], number[]] = [[], []];
  const isSeen = new Uint8Array(above.containers);
  for (const place of dates) {
    const parent = above.column[place]!;
    const container = parent === NOBODY ? place : parent;
    if (parent !== NOBODY && (!above.isDummy(parent) || isSeen[parent] === 1)) continue;
    isSeen[container] = 1;
    containers.push(container);
    speakers.push(place);
  }
  return { containers, speakers };
}

/** Step 5: threads of one base subject are one. */
function joinSubjects({ subjects, isReply }: ThreadMessages, { containers, speakers }: Roots, above: Above): void {
  const first = new Map<number, number>();
  const groups = new Map<number, number[]>();
  for (let index = 0; index < containers.length; index++) {
    const [container, subject] = [containers[index]!, subjects[speakers[index]!]!];
    const head = first.get(subject);
    const group = groups.get(subject);
    if (group) group.push(container);
    else if (head === undefined) first.set(subject, container);
    else groups.set(subject, [head, container]);
  }
  groups.delete(0);
  for (const group of groups.values()) join(group, isReply, above);
}

function join(group: readonly number[], isReply: Uint8Array, above: Above): void {
  /** Step 5.B: rather a dummy, rather what is no reply. */
  const isBetterHead = (root: number, other: number): boolean => !above.isDummy(other) && (above.isDummy(root) || isReply[other]! > isReply[root]!);
  /** Step 5.C. Gives what holds both. */
  const merge = (head: number, root: number): number => {
    if (above.isDummy(head) || isReply[root]! > isReply[head]!) {
      above.column[root] = head;
      return head;
    }
    const both = above.newDummy();
    above.column[head] = both;
    above.column[root] = both;
    return both;
  };
  const head = group.reduce((best, root) => (isBetterHead(root, best) ? root : best));
  group.filter((root) => root !== head).reduce(merge, head);
}
