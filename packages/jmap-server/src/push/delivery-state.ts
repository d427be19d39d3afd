import type { MailStore } from '@paloma/mail-store/port';

/**
 * State of the type `EmailDelivery` (RFC 8621 §1.5): changes when an email has come, not when one was only marked or moved.
 * It is the email state as of the last arrival seen.
 */
export class DeliveryState {
  #deliveryState: string | null = null;
  #seenEmailState: string | null = null;

  constructor(private readonly mailStore: MailStore) {}

  async current(): Promise<string> {
    const emailState = await this.mailStore.state('Email');
    if (this.#seenEmailState === null || (emailState !== this.#seenEmailState && await this.#hasArrivalSince(this.#seenEmailState))) {
      this.#deliveryState = emailState;
    }
    this.#seenEmailState = emailState;
    return this.#deliveryState ?? emailState;
  }

  async #hasArrivalSince(emailState: string): Promise<boolean> {
    const changes = await this.mailStore.changesSince('Email', emailState, 1000);
    return !changes || changes.hasMoreChanges || changes.created.length > 0;
  }
}
