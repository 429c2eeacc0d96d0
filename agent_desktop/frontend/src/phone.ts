// The browser's phone: registers at Asterisk, rings, answers, holds, mutes. One call at a time.
//
// Leaving the page sends no BYE: a reload must not hang up on a customer. The server notices the dead leg and calls again
// with X-Halo-Resume, which is answered without asking when it is for the call that this agent is in.
import { UA, WebSocketInterface, debug } from "jssip";
import type { DTMF_TRANSPORT } from "jssip/lib/Constants";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent, RTCSessionEvent } from "jssip/lib/UA";
import type { LineSum } from "./line_figures";
import { watchLine } from "./line_quality";
import { microphoneProblem, nameOf, openMicrophone } from "./microphone";
import { startRinging, stopRinging } from "./ringer";
import { useSpeaker } from "./sound_devices";

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
  /** Whether the server knows that this caller is on hold: the browser that held them may be another one. */
  isHeld: (interaction: string) => boolean;
  /** A talk's leg is over: how its line was. */
  lineEnded: (interaction: string, sum: LineSum | null) => void;
}

const heldShelf = "halo-held";
const mutedShelf = "halo-muted";
const declined = 603;
const busy = 486;
const noMicrophone = 480;
// Says that a person hangs up, whatever else is on its way in this moment: what ends for a fault of the line is called again.
const byHand = "Reason: Q.850;cause=16";
const answerKeptMs = 3000;
const gatherMs = 400;
const holdAgainMs = 100;
const keyMs = 120;
const lostAfterMs = 4000; // the network may be changing: what comes back by itself within this is left alone

export class Phone {
  private readonly agent: UA;
  private session: RTCSession | null = null;
  private microphone: MediaStream | null = null;
  private stopWatching: (() => LineSum | null) | null = null;
  private test: RTCSession | null = null;
  private interaction = "";
  private registered = false;
  private answerWanted = 0;
  private answering = false;
  private holdWanted = false;
  private holdChanges: RTCSession | null = null; // the talk in which a change of hold is on its way
  private muteWanted = false;
  private reachable = true;

  constructor(
    private readonly account: Account,
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
    session.terminate(session.isEstablished() ? { extraHeaders: [byHand] } : { status_code: declined });
  }

  /** Have the caller hear music, or take them back. */
  toggleHold(): void {
    if (!this.session?.isEstablished()) return;
    this.holdWanted = !this.holdWanted;
    this.bringHold();
  }

  /** Whoever is at the other end is to hear this side: while somebody is asked, the caller hears music by the server. */
  endHold(): void {
    if (!this.holdWanted) return;
    this.holdWanted = false;
    this.bringHold();
  }

  /** One change of hold at a time: JsSIP would send a second in the same breath beside the first, the server refuses it, and JsSIP ends
   * the talk. Where it takes none now, because something else is on its way, it is tried again. */
  private bringHold(): void {
    const session = this.session;
    if (!session?.isEstablished() || this.holdChanges === session || this.onHold === this.holdWanted) return;
    this.holdChanges = session;
    const done = (): void => {
      if (this.holdChanges === session) this.holdChanges = null;
      this.bringHold();
    };
    if (!(this.holdWanted ? session.hold({}, done) : session.unhold({}, done))) window.setTimeout(done, holdAgainMs);
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

  /** Be there for calls, or not: nobody is offered to an agent without a microphone. A talk goes on to its end. */
  setReachable(yes: boolean): void {
    this.reachable = yes;
    if (yes && !this.registered) this.agent.register();
    if (!yes && this.registered && !(this.session && !this.session.isEnded())) this.agent.unregister();
  }

  /** The microphone's track of the call in hand; null without one. */
  get track(): MediaStreamTrack | null {
    return this.session?.isEstablished() ? (this.microphone?.getAudioTracks()[0] ?? null) : null;
  }

  /** Speak through the microphone that is chosen and there now; returns its name. Rejects as the browser does. */
  async changeMicrophone(): Promise<string> {
    const [session, old] = [this.session, this.microphone];
    const stream = await openMicrophone();
    const track = stream.getAudioTracks()[0] ?? null;
    const sender = session?.connection?.getSenders().find((each: RTCRtpSender) => each.track?.kind === "audio");
    if (!track || !sender || !session || session !== this.session || !session.isEstablished()) {
      for (const each of stream.getTracks()) each.stop();
      return "";
    }
    track.enabled = !this.muted && !this.onHold;
    await sender.replaceTrack(track);
    this.microphone = stream;
    for (const each of old?.getTracks() ?? []) each.stop();
    return nameOf(stream);
  }

  /** Call the server's echo, so that the agent hears what a caller would. A call that comes ends it. */
  callEcho(stream: MediaStream, audio: HTMLAudioElement): Promise<{ connection: RTCPeerConnection; end: () => void }> {
    if (!this.registered || (this.session && !this.session.isEnded())) return Promise.reject(new Error("no phone free for a test"));
    this.endTest();
    const host = this.account.uri.split("@")[1] ?? "";
    return new Promise((resolve, reject) => {
      const test = (this.test = this.agent.call(`sip:echo@${host}`, { mediaStream: stream, pcConfig: { iceServers: [] } }));
      const end = (): void => {
        if (!test.isEnded()) test.terminate();
      };
      test.on("icecandidate", ({ ready }) => window.setTimeout(ready, gatherMs));
      test.connection?.addEventListener("track", (event) => play(audio, event));
      test.on("confirmed", () => (test.connection ? resolve({ connection: test.connection, end }) : reject(new Error("no connection"))));
      test.on("failed", (event: { cause: string }) => reject(new Error(event.cause)));
      test.on("ended", () => {
        if (this.test === test) this.test = null;
      });
    });
  }

  private endTest(): void {
    const test = this.test;
    this.test = null;
    if (test && !test.isEnded()) test.terminate();
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
    this.endTest();
    this.session = session;
    this.interaction = interaction;
    this.holdWanted = resumes && (onShelf(heldShelf) === interaction || this.events.isHeld(interaction));
    this.muteWanted = resumes && onShelf(mutedShelf) === interaction;
    session.on("accepted", () => this.events.changed());
    session.on("confirmed", () => {
      if (this.muteWanted) session.mute({ audio: true });
      this.events.changed();
      this.bringHold();
    });
    session.on("ended", () => this.over(session));
    session.on("failed", () => this.over(session));
    for (const kind of ["hold", "unhold"] as const) {
      session.on(kind, () => {
        keep(heldShelf, this.onHold ? interaction : "");
        this.events.changed();
      });
    }
    for (const kind of ["muted", "unmuted"] as const) {
      session.on(kind, () => {
        keep(mutedShelf, this.muted ? interaction : "");
        this.events.changed();
      });
    }
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
    for (const track of this.microphone.getAudioTracks()) track.enabled = !this.holdWanted && !this.muteWanted; // they are to hear nothing of here
    session.answer({ mediaStream: this.microphone, pcConfig: { iceServers: [] } });
    if (resumes) this.events.resumed();
  }

  private listen(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => play(this.audio, event));
    connection.addEventListener("connectionstatechange", () => this.mind(connection));
    this.stopWatching?.();
    this.stopWatching = watchLine(connection, () => this.onHold);
  }

  /** The sound is gone, as when the network changes: register anew. The server then takes the old leg for lost, keeps the caller, and
   * calls this page back into the talk. */
  private mind(connection: RTCPeerConnection): void {
    const state = connection.connectionState;
    if (state !== "disconnected" && state !== "failed") return;
    window.setTimeout(() => {
      const same = connection.connectionState === state || connection.connectionState === "failed";
      if (same && this.session?.connection === connection && this.session.isEstablished()) this.reconnect();
    }, state === "failed" ? 0 : lostAfterMs);
  }

  private reconnect(): void {
    const { transport } = this.agent as UA & { transport: { disconnect(): void; connect(): void } | null }; // not in JsSIP's types
    transport?.disconnect();
    transport?.connect();
  }

  private over(session: RTCSession): void {
    if (session !== this.session) return;
    this.forget(session);
    if (!this.reachable) this.setReachable(false);
    this.events.changed();
  }

  private forget(session: RTCSession): void {
    if (this.session === session) this.session = null;
    stopRinging();
    this.events.lineEnded(this.interaction, this.stopWatching?.() ?? null);
    this.stopWatching = null;
    this.audio.srcObject = null;
    this.closeMicrophone();
  }

  private closeMicrophone(): void {
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = null;
  }
}

/** Whom this browser has on hold, or is muted for: a page that is loaded anew, or another tab, goes on so. */
function onShelf(shelf: string): string {
  try {
    return window.localStorage.getItem(shelf) ?? "";
  } catch {
    return "";
  }
}

function keep(shelf: string, interaction: string): void {
  try {
    window.localStorage.setItem(shelf, interaction);
  } catch {
    return; // a browser without storage: the caller hears the agent again after a reload
  }
}

function play(audio: HTMLAudioElement, event: RTCTrackEvent): void {
  audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
  void useSpeaker(audio).then(() => audio.play().catch(() => undefined));
}
