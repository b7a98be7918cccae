/** A subscription that a connection may not have: one topic too many, or a name that is none. */
export class TopicLimitError extends Error {
  override readonly name = 'TopicLimitError';
  /** What a client is told where the error is left to Gatewire. */
  readonly code = 'topic_limit';

  /** @internal Makes it an error that is meant for the client. */
  getError(): { readonly code: string; readonly message: string } {
    return { code: 'topic_limit', message: this.message };
  }
}
