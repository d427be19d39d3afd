// A plain reading of RFC 5256, to judge how the server threads: trees of objects, step by step, short rather than fast. Only circles
// are broken as the server breaks them, since what the RFC makes of those depends on the order of messages.

export interface PlainMessage {
  number: number;
  sentAtMs: number;
  messageId: string | null;
  /** Oldest first. */
  references: readonly string[];
  baseSubject: string;
  isReply: boolean;
}

interface Container {
  message: PlainMessage | null;
  parent: Container | null;
  children: Container[];
}

/** REFERENCES as it is answered. */
export function plainReferences(messages: readonly PlainMessage[]): string {
  const top = linked(messages).filter(({ parent }) => parent === null).flatMap((container) => {
    prune(container);
    return container.message || container.children.length > 1 ? [container] : container.children;
  });
  return written(joinedBySubject(byDate(top)));
}

/** ORDEREDSUBJECT as it is answered. */
export function plainOrderedSubject(messages: readonly PlainMessage[]): string {
  const sorted = byDate(messages.map(newContainer));
  const groups = Map.groupBy(sorted, ({ message }) => message!.baseSubject);
  for (const [first, ...rest] of groups.values()) first!.children = rest;
  return written([...groups.values()].map(([first]) => first!));
}

/** Step 1. */
function linked(messages: readonly PlainMessage[]): Container[] {
  const byId = new Map<string, Container>();
  const dummies: Container[] = [];
  const own = messages.map((message) => {
    const container = newContainer(message);
    if (message.messageId !== null && !byId.has(message.messageId)) byId.set(message.messageId, container);
    return container;
  });
  const named = (id: string): Container => {
    const known = byId.get(id) ?? dummies[dummies.push(newContainer(null)) - 1]!;
    byId.set(id, known);
    return known;
  };
  const chains = messages.map(({ references }) => references.map(named));
  own.forEach((container, index) => link(chains[index]!.at(-1), container));
  for (const chain of chains) chain.forEach((container, index) => link(chain[index - 1], container));
  return [...own, ...dummies];
}

function newContainer(message: PlainMessage | null): Container {
  return { message, parent: null, children: [] };
}

function link(parent: Container | undefined, child: Container): void {
  if (!parent || child.parent || ancestry(parent).includes(child)) return;
  child.parent = parent;
  parent.children.push(child);
}

function ancestry(container: Container): Container[] {
  return container.parent ? [container, ...ancestry(container.parent)] : [container];
}

/** Step 3. */
function prune(container: Container): void {
  container.children = container.children.flatMap((child) => {
    prune(child);
    return child.message ? [child] : child.children;
  });
}

/** Step 5. */
function joinedBySubject(roots: readonly Container[]): Container[] {
  const table = new Map<string, Container>();
  for (const root of roots) {
    const { baseSubject } = speaker(root);
    const known = table.get(baseSubject);
    if (baseSubject !== '' && (!known || (known.message && (!root.message || (known.message.isReply && !root.message.isReply))))) table.set(baseSubject, root);
  }
  const heads = new Map(table);
  for (const root of roots) {
    const { baseSubject } = speaker(root);
    const head = heads.get(baseSubject);
    if (head && table.get(baseSubject) !== root) heads.set(baseSubject, merged(head, root));
  }
  return [...roots.filter((root) => speaker(root).baseSubject === ''), ...heads.values()];
}

function merged(head: Container, root: Container): Container {
  if (head.message && !(root.message?.isReply && !head.message.isReply)) return { ...newContainer(null), children: [head, root] };
  head.children.push(...(head.message || root.message ? [root] : root.children));
  return head;
}

function speaker({ message, children }: Container): PlainMessage {
  return message ?? byDate(children)[0]!.message!;
}

function byDate(containers: readonly Container[]): Container[] {
  return containers.toSorted((left, right) => speaker(left).sentAtMs - speaker(right).sentAtMs || speaker(left).number - speaker(right).number);
}

function written(threads: readonly Container[]): string {
  const members = ({ message, children }: Container): string => {
    const below = children.length === 1 ? members(children[0]!) : written(children);
    return [message?.number, below].filter((part) => part !== undefined && part !== '').join(' ');
  };
  return byDate(threads).map((thread) => `(${members(thread)})`).join('');
}
