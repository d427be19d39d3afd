/** Names under which values without a class are injected. */
export const CLOCK = Symbol('Clock');
export const RANDOM = Symbol('RandomSource');
export const CONFIGURATION = Symbol('Configuration');
export const DELIVERY_KEY = Symbol('DeliveryKey');
export const DKIM_KEYS = Symbol('DkimKeys');
export const SERVICE_TOKEN = Symbol('ServiceToken');
export const QUEUE_KEY = Symbol('QueueKey');
export const SERVICES_API = Symbol('ServicesApi');
export const OUTGOING_QUEUE = Symbol('OutgoingQueue');
export const MAIL_EXCHANGER_RESOLVER = Symbol('MailExchangerResolver');
export const RELAY = Symbol('Relay');
export const NETWORK = Symbol('NetworkConventions');
export const TLS_RESULTS = Symbol('TlsResults');
