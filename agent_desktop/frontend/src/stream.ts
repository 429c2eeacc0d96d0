// Server-sent events that come back by themselves, from the position last seen.

export interface StreamHandlers {
  /** One named message with its JSON. */
  on: Record<string, (body: never) => void>;
  /** Connected (again), or lost. */
  connected: (yes: boolean) => void;
}

const longestPauseMs = 10_000;

/** Listen at `address()`; it is asked anew for each connection that can't resume by Last-Event-ID. */
export class Stream {
  private source: EventSource | null = null;
  private pauseMs = 500;
  private timer = 0;
  private ended = false;
  lastPosition = "";

  constructor(
    private readonly address: (after: string) => string,
    private readonly handlers: StreamHandlers,
  ) {
    this.open();
    window.addEventListener("online", () => this.reopen());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.reopen();
    });
  }

  /** Stop for good. */
  end(): void {
    this.ended = true;
    window.clearTimeout(this.timer);
    this.source?.close();
  }

  private reopen(): void {
    if (this.ended || this.source?.readyState === EventSource.OPEN) return;
    this.source?.close();
    window.clearTimeout(this.timer);
    this.open();
  }

  private open(): void {
    const source = new EventSource(this.address(this.lastPosition));
    this.source = source;
    source.onopen = () => {
      this.pauseMs = 500;
      this.handlers.connected(true);
    };
    source.onerror = () => {
      if (this.ended || source !== this.source) return;
      this.handlers.connected(false);
      if (source.readyState !== EventSource.CLOSED) return; // the browser itself tries again
      this.timer = window.setTimeout(() => this.open(), this.pauseMs);
      this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
    };
    for (const [name, handle] of Object.entries(this.handlers.on)) {
      source.addEventListener(name, (event) => {
        const message = event as MessageEvent<string>;
        if (message.lastEventId) this.lastPosition = message.lastEventId;
        (handle as (body: unknown) => void)(JSON.parse(message.data));
      });
    }
  }
}
