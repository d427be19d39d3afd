// Plugins ask the DNS through resolvers that they make when they are loaded, so `dns.setServers` does not reach them.
// With name servers of the operator's choice, Node's resolver classes are replaced for the process by ones that
// begin with these.

import dns from 'node:dns';

type Servers = readonly string[];

/** Must happen before any plugin is loaded. */
export function useNameServers(servers: Servers): void {
  dns.setServers(servers);
  dns.promises.setServers(servers);
  dns.Resolver = withServers(dns.Resolver, servers);
  dns.promises.Resolver = withServers(dns.promises.Resolver, servers);
}

function withServers<Class extends new (options?: dns.ResolverOptions) => { setServers(servers: Servers): void }>(Base: Class, servers: Servers): Class {
  return new Proxy(Base, {
    construct(target, parameters, newTarget) {
      const resolver = Reflect.construct(target, parameters, newTarget) as InstanceType<Class>;
      resolver.setServers(servers);
      return resolver;
    },
  });
}
