// The browser's phone: registers at Asterisk, rings, answers, holds, mutes. One call at a time.
//
// Leaving the page sends no BYE: a reload must not hang up on a customer. The server notices the dead leg and calls again
// with X-Halo-Resume, which is answered without asking when it is for the call that this agent is in.
import { UA, WebSocketInterface, debug } from "jssip";
import type { DTMF_TRANSPORT } from "jssip/lib/Constants";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent, RTCSessionEvent } from "jssip/lib/UA";
import { watchLine } from "./line_quality";
import { microphoneProblem, openMicrophone } from "./microphone";
import { startRinging, stopRinging } from "./ringer";

export interface Account {
  uri: string;
  user: string;
  password: string;
  socket: string;
}

export type PhoneStatus = "unregistered" | "registered" | "ringing" | "in_call";

export interface PhoneEvents {
  /** Anything shown of the phone may have changed. */
  changed: () => void;
  /** Something the agent must know; a key of the page's words. */
  problem: (key: string) => void;
  /** Whether a call that comes back after a reload is the one in hand. */
  mayResume: (interaction: string) => boolean;
  resumed: () => void;
  /** Whether it is the call that this agent has dialled: nobody has to press anything again. */
  isDialled: (interaction: string) => boolean;
}

const declined = 603;
const busy = 486;
const noMicrophone = 480;
const answerKeptMs = 3000;
const gatherMs = 400;
const holdAgainMs = 100;
const keyMs = 120;

export class Phone {
  private readonly agent: UA;
  private session: RTCSession | null = null;
  private microphone: MediaStream | null = null;
  private stopWatching: (() => void) | null = null;
  private registered = false;
  private answerWanted = 0;
  private answering = false;
  private holdWanted = false;

  constructor(
    account: Account,
    private readonly audio: HTMLAudioElement,
    private readonly events: PhoneEvents,
  ) {
    debug.disable();
    this.agent = new UA({
      uri: account.uri,
      authorization_user: account.user,
      password: account.password,
      sockets: [new WebSocketInterface(account.socket)],
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      user_agent: "Halo",
    });
    this.agent.on("registered", () => this.setRegistered(true));
    this.agent.on("unregistered", () => this.setRegistered(false));
    this.agent.on("disconnected", () => this.setRegistered(false));
    this.agent.on("registrationFailed", (event) => {
      this.setRegistered(false);
      if (event.response?.status_code === 401 || event.response?.status_code === 403) events.problem("phone_refused");
    });
    this.agent.on("newRTCSession", (event: RTCSessionEvent) => {
      if (event.originator === "remote") this.comes(event as IncomingRTCSessionEvent);
    });
    this.agent.start();
  }

  get status(): PhoneStatus {
    if (this.session?.isEstablished()) return "in_call";
    if (this.session && !this.session.isEnded()) return "ringing";
    return this.registered ? "registered" : "unregistered";
  }

  get onHold(): boolean {
    return this.session?.isEstablished() ? this.session.isOnHold().local : false;
  }

  get muted(): boolean {
    return Boolean(this.session?.isEstablished() && this.session.isMuted().audio);
  }

  /** Answer; when the call has not reached the browser yet, as soon as it has. */
  answer(): void {
    if (this.status === "ringing") void this.take();
    else if (!this.session) this.answerWanted = Date.now();
  }

  /** Hang up, or decline a call that rings. */
  hangUp(): void {
    const session = this.session;
    if (!session || session.isEnded()) return;
    session.terminate(session.isEstablished() ? {} : { status_code: declined });
  }

  /** Have the caller hear music, or take them back. */
  toggleHold(): void {
    if (!this.session?.isEstablished()) return;
    this.holdWanted = !this.holdWanted;
    this.bringHold();
  }

  /** A change of hold is refused while the one before is still on its way to the server: then it is tried again. */
  private bringHold(): void {
    const session = this.session;
    if (!session?.isEstablished() || this.onHold === this.holdWanted) return;
    if (!(this.holdWanted ? session.hold() : session.unhold())) window.setTimeout(() => this.bringHold(), holdAgainMs);
  }

  toggleMute(): void {
    if (!this.session?.isEstablished()) return;
    if (this.muted) this.session.unmute({ audio: true });
    else this.session.mute({ audio: true });
  }

  /** Send a key to the other side, as a phone does (RFC 4733). False when nobody would hear it. */
  sendKey(key: string): boolean {
    if (!this.session?.isEstablished()) return false;
    this.session.sendDTMF(key, { transportType: "RFC2833" as DTMF_TRANSPORT, duration: keyMs });
    return true;
  }

  private setRegistered(yes: boolean): void {
    this.registered = yes;
    this.events.changed();
  }

  private comes(event: IncomingRTCSessionEvent): void {
    const session = event.session;
    const interaction = event.request.getHeader("X-Halo-Interaction") ?? "";
    const resumes = event.request.getHeader("X-Halo-Resume") === "1" && this.events.mayResume(interaction);
    if (this.session && !this.session.isEnded()) {
      if (!resumes) {
        session.terminate({ status_code: busy });
        return;
      }
      const dead = this.session; // the server has given this leg up already
      this.forget(dead);
      dead.terminate();
    }
    this.session = session;
    this.holdWanted = false;
    session.on("accepted", () => this.events.changed());
    session.on("confirmed", () => this.events.changed());
    session.on("ended", () => this.over(session));
    session.on("failed", () => this.over(session));
    for (const kind of ["hold", "unhold"] as const) session.on(kind, () => this.events.changed());
    for (const kind of ["muted", "unmuted"] as const) session.on(kind, () => this.events.changed());
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection));
    session.on("icecandidate", ({ ready }) => window.setTimeout(ready, gatherMs));
    const wanted = Date.now() - this.answerWanted < answerKeptMs;
    this.answerWanted = 0;
    if (resumes || wanted || this.events.isDialled(interaction)) void this.take(resumes);
    else startRinging();
    this.events.changed();
  }

  private async take(resumes = false): Promise<void> {
    const session = this.session;
    if (!session || this.answering) return;
    this.answering = true;
    stopRinging();
    try {
      this.microphone = await openMicrophone();
    } catch (error) {
      this.events.problem(microphoneProblem(error));
      session.terminate({ status_code: noMicrophone });
      return;
    } finally {
      this.answering = false;
    }
    if (session.isEnded()) {
      this.closeMicrophone();
      return;
    }
    session.answer({ mediaStream: this.microphone, pcConfig: { iceServers: [] } });
    if (resumes) this.events.resumed();
  }

  private listen(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => {
      this.audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      void this.audio.play().catch(() => undefined);
    });
    this.stopWatching?.();
    this.stopWatching = watchLine(connection);
  }

  private over(session: RTCSession): void {
    if (session !== this.session) return;
    this.forget(session);
    this.events.changed();
  }

  private forget(session: RTCSession): void {
    if (this.session === session) this.session = null;
    stopRinging();
    this.stopWatching?.();
    this.stopWatching = null;
    this.audio.srcObject = null;
    this.closeMicrophone();
  }

  private closeMicrophone(): void {
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = null;
  }
}
